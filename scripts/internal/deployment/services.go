package deployment

import (
	"fxcore/scripts/internal/programs"
)

// base returns what all containers have: nothing may be written outside volumes and memory, and root has no rights.
func base(image, name string) mapping {
	all := mapping{{"image", image}, {"read_only", true}, {"cap_drop", []string{"ALL"}}}
	if name != "" {
		all = append(all, entry{"hostname", name})
	}
	return append(all, entry{"logging", mapping{{"driver", "json-file"}, {"options", mapping{{"max-size", "5m"}, {"max-file", "2"}}}}})
}

// imageOf returns an image by the setting that holds its digest.
func imageOf(name string) string { return "${" + ImageVariable(name) + ":?}" }

// resources bounds a container. A container that takes more memory is ended, so the bound is well above what it needs.
func resources(limit, reserved string) entry {
	return entry{"resources", mapping{
		{"limits", mapping{{"memory", limit}, {"cpus", "1.0"}, {"pids", 256}}},
		{"reservations", mapping{{"memory", reserved}}},
	}}
}

// spread places the replicas of a service in all data centres, on hosts that are meant for it, never two on one host.
func spread() mapping {
	return mapping{
		{"constraints", []string{"node.labels.fxcore == yes"}},
		{"preferences", []mapping{{{"spread", "node.labels.datacenter"}}}},
		{"max_replicas_per_node", 1},
	}
}

// update replaces one container at a time. When a new one never becomes healthy, or ends while it is watched, all go back to the release before.
func update(order string, delay string) []entry {
	return []entry{
		{"update_config", mapping{
			{"order", order},
			{"parallelism", 1},
			{"delay", delay},
			{"monitor", watched},
			{"max_failure_ratio", 0},
			{"failure_action", "rollback"},
		}},
		{"rollback_config", mapping{{"order", order}, {"parallelism", 1}, {"monitor", watched}, {"failure_action", "pause"}}},
	}
}

// deployed returns how replicas are run. Names lead to the living replicas (DNS): a virtual address would drop connections that are silent for
// a quarter of an hour.
func deployed(of Profile, replicas int, placement mapping, updates []entry, memory entry) entry {
	all := mapping{{"replicas", replicas}}
	if of.Swarm {
		all = append(all, entry{"endpoint_mode", "dnsrr"}, entry{"placement", placement})
		all = append(all, updates...)
	}
	return entry{"deploy", append(all, entry{"restart_policy", mapping{{"condition", "any"}, {"delay", "2s"}}}, memory)}
}

// mounted returns the configs and secrets of a container. A secret is readable by the container's user alone.
func mounted(list []file, user string) (all []entry) {
	var configs, secrets []mapping
	for _, f := range list {
		if f.public {
			configs = append(configs, mapping{{"source", f.name}, {"target", f.target()}, {"mode", 0o444}})
			continue
		}
		secrets = append(secrets, mapping{{"source", f.name}, {"target", f.target()}, {"uid", user}, {"gid", user}, {"mode", 0o400}})
	}
	if len(configs) > 0 {
		all = append(all, entry{"configs", configs})
	}
	if len(secrets) > 0 {
		all = append(all, entry{"secrets", secrets})
	}
	return all
}

// temporary returns the folder for temporary files, in memory.
func temporary() mapping {
	return mapping{{"type", "tmpfs"}, {"target", "/tmp"}, {"tmpfs", mapping{{"size", 32 << 20}}}}
}

// volumeAt returns a folder that outlives its container.
func volumeAt(name, target string) mapping {
	return mapping{{"type", "volume"}, {"source", name}, {"target", target}}
}

// service is one entry of a stack.
type service struct {
	name   string
	body   mapping
	files  []file
	volume string // empty: none
}

// program returns the service of one of our programs.
func program(p programs.Program, of Profile) service {
	s := service{name: p.Name, files: files(p, of)}
	replicas, place, updates := of.Replicas, spread(), update("start-first", "5s")
	storage := []mapping{temporary()}
	switch p.Kind {
	case programs.Gateway: // the old one gives its sessions away before the new one comes
		updates = update("stop-first", "10s")
	case programs.Simulator, programs.Demo:
		replicas, updates = 1, update("stop-first", "0s")
	case programs.Service, programs.Server, programs.FullServer:
	}
	if p.Kind == programs.Simulator {
		s.volume = "mainframe"
		storage = append(storage, volumeAt(s.volume, "/data"))
		place = mapping{{"constraints", []string{"node.labels.simulator == 1"}}}
	}
	s.body = append(base(imageOf(p.Name), ""), entry{"user", user(programUser)}, entry{"networks", []string{"core"}}, entry{"environment", environment(p, of)})
	s.body = append(s.body, mounted(s.files, programUser)...)
	s.body = append(s.body,
		entry{"volumes", storage}, entry{"healthcheck", check("CMD", "/"+p.Name, "-healthy")}, entry{"stop_grace_period", "30s"},
		deployed(of, replicas, place, updates, resources("384M", "64M")))
	return s
}

// runs reports whether a profile runs one of our programs.
func runs(p programs.Program, of Profile) bool {
	switch p.Kind {
	case programs.Simulator:
		return of.Simulated
	case programs.Demo:
		return of.Visited
	case programs.Service, programs.Gateway:
		return true
	case programs.Server, programs.FullServer:
	}
	return false
}

// ours returns the stack of our programs and of HAProxy.
func ours(of Profile) (all []service) {
	for _, p := range programs.Ours() {
		if runs(p, of) {
			all = append(all, program(p, of))
		}
	}
	return append(all, haproxy(of))
}

// haproxy returns the router. It serves on each host that runs it: the bank's own address leads to those that live.
func haproxy(of Profile) service {
	s := service{name: "haproxy", files: []file{
		public("haproxy_cfg", "HAPROXY.CFG_FILE"), public("fix_map", "FIX.MAP_FILE"), public("socket_map", "SOCKET.MAP_FILE"), public("ca", "CA.CRT_FILE"),
		shared("door_pem", "DOOR.PEM_FILE"), own("haproxy", "tls", "STATS.PEM_FILE"), own("haproxy", "router_pem", "OWN.PEM_FILE"),
	}}
	if of.Certified {
		s.files = append(s.files, public("providers_ca", "CLIENT-CA.PEM_FILE"), public("providers_crl", "REVOKED.PEM_FILE"))
	}
	var ports []mapping
	for _, port := range []int{9876, 9878, 9877, 9879, 8443, 8444} { // FIX and socket, each plain and with TLS; API; on-call
		ports = append(ports, mapping{{"target", port}, {"published", port}, {"protocol", "tcp"}, {"mode", "host"}})
	}
	s.body = append(base(imageOf("haproxy"), ""),
		entry{"user", user(haproxyUser)}, entry{"networks", []string{"core"}}, entry{"command", []string{"/run/configs/haproxy.cfg"}})
	s.body = append(s.body, mounted(s.files, haproxyUser)...)
	s.body = append(s.body, entry{"ports", ports}, entry{"volumes", []mapping{temporary()}},
		entry{"healthcheck", check("CMD", "curl", "-fsS", "http://127.0.0.1:8404/live")}, entry{"stop_grace_period", "40s"},
		deployed(of, of.Routers, spread(), update("stop-first", "10s"), resources("256M", "64M")))
	return s
}

// jobs returns what runs once for each release, before its programs: the roles and schemas of PostgreSQL, and each schema's migrations, as its owner.
func jobs(of Profile) []service {
	files := []file{shared("postgres_superuser", "SUPERUSER_FILE"), shared("provision", "PROVISION.SQL_FILE"), public("ca", "CA.CRT_FILE")}
	provision := service{name: "provision", files: files, body: append(base(imageOf("postgres"), ""),
		entry{"user", user(postgresUser)}, entry{"networks", []string{"core"}}, entry{"entrypoint", []string{"/provision"}})}
	provision.body = append(provision.body, mounted(files, postgresUser)...)
	provision.body = append(provision.body, entry{"volumes", []mapping{temporary()}}, once(of))
	all := []service{provision}
	for _, p := range programs.Ours() {
		if runs(p, of) && p.Uses(programs.Postgres) {
			all = append(all, prepare(p, of))
		}
	}
	return all
}

// prepare returns the job that prepares a program's schema. It alone has the password of the schema's owner.
func prepare(p programs.Program, of Profile) service {
	s := service{name: "prepare-" + p.Name}
	role := p.Role
	if role == "" {
		role = p.Name
	}
	settings := mapping{{"POSTGRES_PREPARE_FOR", role}}
	settings = append(settings, environment(p, of)...)
	for _, f := range files(p, of) {
		if f.variable == "POSTGRES_URL_FILE" {
			f = own(p.Name, "postgres_owner_url", f.variable)
		}
		s.files = append(s.files, f)
	}
	s.body = append(base(imageOf(p.Name), ""), entry{"user", user(programUser)}, entry{"networks", []string{"core"}}, entry{"environment", settings})
	s.body = append(s.body, mounted(s.files, programUser)...)
	s.body = append(s.body, entry{"volumes", []mapping{temporary()}}, once(of))
	return s
}

// once returns how a job is run: again after a failure, and not again after a success.
func once(of Profile) entry {
	all := mapping{{"replicas", 1}}
	if of.Swarm {
		all = append(all, entry{"endpoint_mode", "dnsrr"}, entry{"placement", mapping{{"constraints", []string{"node.labels.fxcore == yes"}}}})
	}
	return entry{"deploy", append(all, entry{"restart_policy", mapping{{"condition", "on-failure"}, {"delay", "3s"}}}, resources("384M", "64M"))}
}
