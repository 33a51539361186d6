package schedule

import (
	"slices"

	"fxcore/scripts/internal/programs"
)

// The servers at the end of links.
const (
	amqp      = programs.AMQP
	postgres  = programs.Postgres
	redis     = programs.Redis
	mainframe = programs.Mainframe
)

// Doors returns the gateways to which providers' links lead. A door is also the kind of a stream.
func Doors() []string { return gateways() }

// victims returns the programs that faults can hit: all but the demo's providers, which do not run here, and the servers of a
// full start.
func victims() []programs.Program {
	return programs.Of(func(p programs.Program) bool { return p.Kind != programs.Demo && p.Kind != programs.FullServer })
}

// FullServers returns the ids of the servers that only a full start has.
func FullServers() []string {
	return programs.Names(programs.Of(func(p programs.Program) bool { return p.Kind == programs.FullServer }))
}

// Processes returns the ids of all processes that can be killed in every core.
func Processes() []string {
	var all []string
	for _, p := range victims() {
		all = append(all, p.Processes()...)
	}
	return all
}

// IsServer reports whether a process is a server from Debian, and not one of our programs.
func IsServer(id string) bool {
	p, known := programs.Named(id)
	return known && (p.Kind == programs.Server || p.Kind == programs.FullServer)
}

// Links returns the names of all links: from each process to each of its servers, and from each provider to its door.
func Links() []string {
	all := coreLinks()
	for _, door := range Doors() {
		for _, id := range providers(door) {
			all = append(all, id+">"+door)
		}
	}
	return all
}

func coreLinks() []string {
	var all []string
	for _, p := range victims() {
		for _, id := range p.Processes() {
			for _, server := range reaches(p) {
				all = append(all, id+">"+server)
			}
		}
	}
	return all
}

// reaches returns the servers to which a program has links. HAProxy has two links to each instance of a gateway: for
// the providers' traffic and for its checks.
func reaches(p programs.Program) []string {
	if p.Name != "haproxy" {
		return p.Servers
	}
	var all []string
	for _, g := range programs.Gateways() {
		for _, id := range g.Processes() {
			all = append(all, id, id+"-health")
		}
	}
	return all
}

// Declarers returns the services whose queues must be empty at the end. Failover is not among them, because gateways
// report to it all the time.
func Declarers() []string { return carriers() }

// providers returns the demo's test providers that use a door and may do everything.
func providers(door string) []string {
	if door == "socket" {
		return []string{"STEST1", "STEST2", "STEST3", "STEST4"}
	}
	return []string{"TEST1", "TEST2", "TEST3", "TEST4", "TEST5", "TEST6"}
}

// named returns the processes of the named programs.
func named(names ...string) []string {
	var all []string
	for _, p := range victims() {
		if slices.Contains(names, p.Name) {
			all = append(all, p.Processes()...)
		}
	}
	return all
}

// gateways returns the programs that hold providers' sessions. One instance holds a session.
func gateways() []string { return programs.Names(programs.Gateways()) }

// carriers returns the services through which trades, or data that decide about trades, pass.
func carriers() []string { return programs.Names(programs.Carriers()) }

// deciders returns the carriers that store their decisions in the database.
func deciders() []string {
	return programs.Names(programs.Of(func(p programs.Program) bool { return p.Carries && p.Uses(postgres) }))
}

// ours returns the gateways and services.
func ours() []string { return append(gateways(), programs.Names(programs.Services())...) }
