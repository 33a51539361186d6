package fleet

import (
	"fmt"
	"path/filepath"
	"slices"

	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/watch"
)

// watcher is a service that serves on-call by HTTPS.
type watcher struct {
	name  string
	paths []string
	port  func(replica int) int
}

// onCall returns the services of on-call. The first one gets all paths that no other has.
func (f Fleet) onCall() []watcher {
	return []watcher{
		{"monitoring", nil, f.Ports.MonitoringInstance},
		{"tracing", []string{"/v1/traces", "/v1/journal", "/v1/audit"}, f.Ports.TracingInstance},
		{"logging", []string{"/v1/logs", "/v1/health-history"}, f.Ports.LoggingInstance},
		{"failover", []string{"/v1/sessions", "/v1/drains"}, f.Ports.FailoverInstance},
		{"api", []string{"/v1/trades", "/v1/lines", "/v1/linechecks", "/v1/refusals", "/v1/jobs", "/v1/job-commands", "/v1/reports", "/v1/settlements", "/v1/movements"}, f.Ports.APIInstance},
	}
}

// watchers returns those services of on-call that are in the list of programs, with their instances.
func (f Fleet) watchers() (all []server.Watcher, err error) {
	for _, w := range f.onCall() {
		if !f.has(w.name) {
			continue
		}
		instances, err := f.instances(w.name, w.port)
		if err != nil {
			return nil, err
		}
		all = append(all, server.Watcher{Name: w.name, Paths: w.paths, Instances: instances})
	}
	return all, nil
}

func (f Fleet) has(name string) bool {
	return slices.ContainsFunc(slices.Concat(f.services()...), func(s Service) bool { return s.Name == name })
}

// watching returns the settings of a service that serves on-call by HTTPS. They begin with a prefix: MONITORING_ADDR and so on. It ends the TLS
// with the certificate of the core's door, which HAProxy checks.
func (f Fleet) watching(name, prefix string) (settings []string, each func(replica int) []string) {
	settings = append(f.accessPublic(), prefix+"_TLS_CERTIFICATE_FILE="+f.Folder.Path(certificateFile), prefix+"_TLS_KEY_FILE="+f.Folder.Path(keyFile))
	i := slices.IndexFunc(f.onCall(), func(w watcher) bool { return w.name == name })
	return settings, func(replica int) []string {
		return []string{prefix + "_ADDR=" + f.address(f.onCall()[i].port(replica))}
	}
}

// operationsAbout returns where on-call comes in; nil if nothing serves on-call.
func (f Fleet) operationsAbout() *watch.Operations {
	if !f.has(f.onCall()[0].name) {
		return nil
	}
	url := fmt.Sprintf("https://%s", f.address(f.Ports.Operations()))
	return &watch.Operations{
		URL: url, Page: url + "/", Certificate: server.CAFile(f.Folder), Users: f.Folder.Path(usersFile), User: onCallUser, Code: f.codeCommand(),
	}
}

// onCallUser is the demo's person of operations.
const onCallUser = "U0013"

// codeCommand is what prints the password and the one-time code of the demo's person of operations.
func (f Fleet) codeCommand() string { return filepath.Join(f.Bin, "fxctl") + " signin" }
