package fleet

import (
	"os"
	"strings"

	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

// with returns a program as a service with its own settings. All other settings have the program's defaults.
func (f Fleet) with(p programs.Program) Service {
	s := Service{Program: p}
	switch p.Name {
	case "auth":
		s.Settings = f.auth()
	case "mainframe-simulator":
		s.Settings = f.simulator()
	case "mainframe":
		s.Settings = f.mainframe()
	case "failover":
		s.Settings, s.Each = f.failover()
	case "fix":
		s.Settings, s.Each = f.gateway(), f.gatewayPorts
	case "socket":
		s.Settings, s.Each = f.socket(), f.socketPorts
	case "api":
		s.Settings, s.Each = f.api(), f.apiPort
	case "monitoring":
		s.Settings, s.Each = f.watching(p.Name, strings.ToUpper(p.Name))
		s.Settings = append(s.Settings, f.monitoring()...)
	case "tracing":
		s.Settings, s.Each = f.watching(p.Name, strings.ToUpper(p.Name))
		s.Settings = append(s.Settings, f.tracing()...)
	case "logging":
		s.Settings, s.Each = f.watching(p.Name, strings.ToUpper(p.Name))
		s.Settings = append(s.Settings, f.elasticsearch()...)
	case "provider":
		s.Settings = f.provider()
	}
	return s
}

func (f Fleet) simulator() []string {
	return []string{
		"SIMULATOR_LISTEN=" + f.address(f.Ports.Mainframe()), "SIMULATOR_CONTROL=" + f.address(f.Ports.MainframeControl()),
		"SIMULATOR_FOLDER=" + f.Folder.Data("mainframe"),
	}
}

// mainframe returns the gateway's settings. Where days may be run ahead it moves the simulator's clock.
func (f Fleet) mainframe() []string {
	settings := []string{"MAINFRAME_ADDR=" + f.address(f.Ports.Mainframe()), "MAINFRAME_NAME=" + nameOf("mainframe-simulator"), "STATIC_KEY_FILE=" + f.Folder.Path("secrets", setsKey)}
	if f.Ahead {
		settings = append(settings, "MAINFRAME_CONTROL=https://"+f.address(f.Ports.MainframeControl()))
	}
	return settings
}

// gateway returns the FIX gateway's settings. HAProxy ends the TLS, and passes on the peer's address and
// certificate name by the PROXY protocol.
func (f Fleet) gateway() []string {
	return append(f.behindRouter("FIX_"), "FIX_PROVIDERS_FILE="+f.Folder.Path(providersFile))
}

// behindRouter returns the settings of a gateway to which HAProxy alone may say who comes.
func (f Fleet) behindRouter(prefix string) []string {
	settings := []string{
		prefix + "PROXY_FROM=127.0.0.1/32", prefix + "PROXY_CA_FILE=" + server.CAFile(f.Folder),
		prefix + "TLS_CERTIFICATE_FILE=" + f.Folder.Path(gatewayFile), prefix + "TLS_KEY_FILE=" + f.Folder.Path(gatewayKeyFile),
	}
	ca, crl := f.Folder.Path(clientCAFile), f.Folder.Path(clientCRLFile)
	if there(ca) && there(crl) {
		settings = append(settings, prefix+"TLS_CLIENT_CA_FILE="+ca, prefix+"TLS_CLIENT_CRL_FILE="+crl)
	}
	return settings
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func (f Fleet) gatewayPorts(replica int) []string {
	return []string{"FIX_ADDR=" + f.address(f.Ports.FIXInstance(replica))}
}

// failover returns the addresses of every replica's page and of its HTTPS. The service's command for on-call reads the same settings.
func (f Fleet) failover() (settings []string, each func(replica int) []string) {
	var pages []string
	for replica := 1; replica <= ports.Instances; replica++ {
		pages = append(pages, "http://"+f.address(f.Ports.FailoverPage(replica)))
	}
	settings, served := f.watching("failover", "FAILOVER_HTTPS")
	return append(settings, "FAILOVER_URL="+strings.Join(pages, ",")), func(replica int) []string {
		return append(served(replica), "FAILOVER_ADDR="+f.address(f.Ports.FailoverPage(replica)))
	}
}

// api returns the settings of the HTTP interface. It ends the TLS itself, with the gateways' certificate.
func (f Fleet) api() []string {
	return append(f.accessPublic(), "API_TLS_CERTIFICATE_FILE="+f.Folder.Path(certificateFile), "API_TLS_KEY_FILE="+f.Folder.Path(keyFile))
}

func (f Fleet) apiPort(replica int) []string {
	return []string{"API_ADDR=" + f.address(f.Ports.APIInstance(replica))}
}

// elasticsearch returns the setting of who keeps something in Elasticsearch, where it runs.
func (f Fleet) elasticsearch() []string {
	if !f.Full {
		return nil
	}
	address, err := FullURL(f.Folder, f.Ports, "elasticsearch")
	if err != nil {
		return nil // the folder cannot be read: the server, which starts first, says so
	}
	return []string{"ELASTICSEARCH_URL=" + address}
}

// tracing returns where the journal is kept besides PostgreSQL: in Cassandra, where that runs.
func (f Fleet) tracing() []string {
	if !f.Full {
		return nil
	}
	password, err := f.Folder.Secret("cassandra-tracing")
	if err != nil {
		return nil // its file cannot be written: the start of Cassandra fails with the reason
	}
	return []string{"CASSANDRA_HOSTS=" + server.CassandraHosts(f.Ports), "CASSANDRA_PASSWORD=" + password}
}

func (f Fleet) provider() []string {
	return []string{"FIX_ADDR=" + f.address(f.Ports.FIX())}
}
