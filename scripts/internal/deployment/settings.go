package deployment

import (
	"strings"

	"fxcore/scripts/internal/programs"
)

// file is a secret, or a config that may be read by anybody, as a container sees it.
type file struct {
	name     string // in the stack
	variable string // the setting that names it: AMQP_URL_FILE
	public   bool
}

// target is the file's path in the container.
func (f file) target() string {
	folder := "/run/secrets/"
	if f.public {
		folder = "/run/configs/"
	}
	return folder + strings.ToLower(strings.TrimSuffix(f.variable, "_FILE"))
}

// public files are the same for all.
func public(name, variable string) file { return file{name: name, variable: variable, public: true} }

// own returns a secret of a program, which no other container gets.
func own(program, name, variable string) file {
	return file{name: strings.ReplaceAll(program, "-", "_") + "_" + name, variable: variable}
}

// shared returns a secret that several containers get.
func shared(name, variable string) file { return file{name: name, variable: variable} }

// Settings returns the names of a program's settings in a stack, with their values. Secrets stand in files.
func Settings(p programs.Program, of Profile) map[string]string {
	all := map[string]string{}
	for _, e := range environment(p, of) {
		all[e.key], _ = e.value.(string)
	}
	return all
}

// environment returns a program's settings. A path names a mounted file.
func environment(p programs.Program, of Profile) mapping {
	all := mapping{{"HEALTH_ADDR", "0.0.0.0:8080"}, {"LOG_LEVEL", "info"}, {"GOMAXPROCS", "1"}, {"GOMEMLIMIT", "300MiB"}}
	if of.Swarm {
		all = append(all, entry{"REPLICA", replica(p)})
	}
	if p.Uses(programs.AMQP) {
		all = append(all, entry{"AMQP_NO_DECLARE", "true"})
	}
	all = append(all, special(p, of)...)
	for _, f := range files(p, of) {
		all = append(all, entry{f.variable, f.target()})
	}
	return all
}

// replica returns what makes a program's replica unique. While a service is updated, the old and the new container of a slot run beside each other. A
// gateway's old container ends first, so its name stays, and failover finds the instance again to which a provider belongs.
func replica(p programs.Program) string {
	if p.Kind == programs.Gateway {
		return "{{.Task.Slot}}"
	}
	return "{{.Task.Slot}}-{{.Task.ID}}"
}

// Where programs serve within the network.
const (
	fixPort       = "9876"
	socketPort    = "9877"
	doorPort      = "8443" // the interface of people and systems, and the services of on-call
	mainframePort = "7000"
)

// special returns the settings that one program has and others have not.
func special(p programs.Program, of Profile) mapping {
	door := entry{prefix(p) + "ADDR", "0.0.0.0:" + doorPort}
	switch p.Name {
	case "auth":
		return mapping{{"ACCESS_AUDIENCES", "api,workstation"}, {"OPENID_ISSUER", "${OPENID_ISSUER:-}"}, {"OPENID_CLIENT_ID", "${OPENID_CLIENT_ID:-}"}}
	case "mainframe":
		if of.Simulated {
			return mapping{{"MAINFRAME_ADDR", "mainframe-simulator:" + mainframePort}, {"MAINFRAME_NAME", "mainframe-simulator.fxcore"}}
		}
		return mapping{{"MAINFRAME_ADDR", "${MAINFRAME_ADDR:?}"}, {"MAINFRAME_NAME", "${MAINFRAME_NAME:?}"}}
	case "mainframe-simulator":
		return mapping{{"SIMULATOR_LISTEN", "0.0.0.0:" + mainframePort}, {"SIMULATOR_CONTROL", "127.0.0.1:7001"}, {"SIMULATOR_FOLDER", "/data"}}
	case "fix":
		return mapping{{"FIX_ADDR", "0.0.0.0:" + fixPort}, {"FIX_PROXY_FROM", subnet}}
	case "socket":
		return mapping{{"SOCKET_ADDR", "0.0.0.0:" + socketPort}, {"SOCKET_PROXY_FROM", subnet}}
	case "monitoring":
		return mapping{door, {"DISK", "/"}}
	case "provider":
		return mapping{{"FIX_ADDR", "haproxy:" + fixPort}}
	}
	if prefix(p) != "" {
		return mapping{door}
	}
	return nil
}

// prefix returns the beginning of the names of the settings of a program that serves people by HTTPS; empty for the others.
func prefix(p programs.Program) string {
	switch p.Name {
	case "api", "monitoring", "logging", "tracing":
		return strings.ToUpper(p.Name) + "_"
	case "failover":
		return "FAILOVER_HTTPS_"
	}
	return ""
}

// files returns what is mounted into a program's container: what it needs to connect, and nothing of another program.
func files(p programs.Program, of Profile) []file {
	all := []file{public("ca", "TLS_CA_FILE"), own(p.Name, "tls", "TLS_CERTIFICATE_FILE")}
	if p.Uses(programs.AMQP) {
		all = append(all, own(p.Name, "amqp_url", "AMQP_URL_FILE"), own(p.Name, "proof_keys", "AMQP_PROOF_KEYS_FILE"),
			public("publishers", "AMQP_PUBLISHERS_FILE"), public("signers", "AMQP_SIGNERS_FILE"))
	}
	if p.Signs {
		all = append(all, own(p.Name, "signing_key", "AMQP_SIGNING_KEY_FILE"))
	}
	if p.Uses(programs.Redis) {
		all = append(all, own(p.Name, "redis_url", "REDIS_URL_FILE"), public("sets_public", "STATIC_KEYS_FILE"))
	}
	if p.Uses(programs.Postgres) {
		all = append(all, own(p.Name, "postgres_url", "POSTGRES_URL_FILE"))
	}
	if prefix(p) != "" {
		all = append(all, public("access_public", "ACCESS_PUBLIC_KEY_FILE"),
			shared("door_certificate", prefix(p)+"TLS_CERTIFICATE_FILE"), shared("door_key", prefix(p)+"TLS_KEY_FILE"))
	}
	switch p.Name {
	case "auth":
		all = append(all, public("access_public", "ACCESS_PUBLIC_KEY_FILE"), own("auth", "access_key", "ACCESS_KEY_FILE"))
	case "mainframe":
		all = append(all, own("mainframe", "sets_key", "STATIC_KEY_FILE"))
	case "fix", "socket":
		all = append(all, gatewayFiles(p, of)...)
	}
	return all
}

// gatewayFiles returns what a gateway needs to believe HAProxy, and its providers.
func gatewayFiles(p programs.Program, of Profile) []file {
	begin := strings.ToUpper(p.Name) + "_"
	all := []file{
		public("ca", begin+"PROXY_CA_FILE"), shared("gateway_certificate", begin+"TLS_CERTIFICATE_FILE"), shared("gateway_key", begin+"TLS_KEY_FILE"),
		own(p.Name, "providers", begin+"PROVIDERS_FILE"),
	}
	if of.Certified {
		all = append(all, public("providers_ca", begin+"TLS_CLIENT_CA_FILE"), public("providers_crl", begin+"TLS_CLIENT_CRL_FILE"))
	}
	return all
}
