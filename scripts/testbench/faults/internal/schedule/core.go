package schedule

import (
	"slices"

	"fxcore/scripts/internal/programs"
)

// Servers that links lead to.
const (
	amqp      = programs.AMQP
	postgres  = programs.Postgres
	redis     = programs.Redis
	mainframe = programs.Mainframe
)

// Doors are where providers' links lead: each is also the kind of traffic that comes in by it.
func Doors() []string { return gateways() }

// victims are the programs that faults befall: all but the demo's providers, which a run does not start.
func victims() []programs.Program {
	return programs.Of(func(p programs.Program) bool { return p.Kind != programs.Demo })
}

// Processes are all that can be killed.
func Processes() []string {
	var all []string
	for _, p := range victims() {
		all = append(all, p.Processes()...)
	}
	return all
}

// IsServer tells whether a process is a server of Debian's, and none of our programs.
func IsServer(id string) bool {
	p, known := programs.Named(id)
	return known && p.Kind == programs.Server
}

// Links are all that can be troubled: of each process to each server that it reaches, and of each provider to its door.
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

// reaches is where a program's links lead. HAProxy has two links to each instance of a gateway: for what providers send, and for
// its checks.
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

// Declarers are the services whose queues have to be empty at the end. Those of failover are not among them: gateways report to it
// all the time.
func Declarers() []string { return carriers() }

// providers are those of the demo that come in by a door, are for tests and may do everything.
func providers(door string) []string {
	if door == "socket" {
		return []string{"STEST1", "STEST2", "STEST3", "STEST4"}
	}
	return []string{"TEST1", "TEST2", "TEST3", "TEST4", "TEST5", "TEST6"}
}

// named are the processes of some programs.
func named(names ...string) []string {
	var all []string
	for _, p := range victims() {
		if slices.Contains(names, p.Name) {
			all = append(all, p.Processes()...)
		}
	}
	return all
}

// gateways hold providers' sessions, each session at one instance.
func gateways() []string { return programs.Names(programs.Gateways()) }

// carriers are the services through which trades pass, or what decides them; their replicas share the work.
func carriers() []string { return programs.Names(programs.Carriers()) }

// deciders are those of them that keep what they decide in the database.
func deciders() []string {
	return programs.Names(programs.Of(func(p programs.Program) bool { return p.Carries && p.Uses(postgres) }))
}

// ours are the gateways and services.
func ours() []string { return append(gateways(), programs.Names(programs.Services())...) }
