package schedule

import (
	"fmt"
	"slices"
)

// program is one of the core's programs: how many of it run, and which servers it reaches by links of its own. What is
// not in this list is befallen by nothing; a run fails at its start on a process that is missing here.
type program struct {
	name     string
	replicas int // 0: a server, without a number in its name
	reaches  []string
}

// Servers that links lead to.
const (
	amqp      = "amqp"
	postgres  = "postgres"
	redis     = "redis"
	mainframe = "mainframe"
)

// Doors are where providers' links lead: each is also the kind of traffic that comes in by it.
func Doors() []string { return []string{"fix", "socket"} }

func programs() []program {
	all := []string{amqp, postgres, redis}
	return []program{
		{"auth", 2, all},
		{"trading", 2, all},
		{"linecheck", 2, all},
		{"responsibility", 2, all},
		{"datasync", 2, []string{amqp, redis}},
		{"mainframe", 2, []string{amqp, mainframe}},
		{"fix", 2, []string{amqp, postgres}},
		{"socket", 2, []string{amqp, postgres}},
		{"haproxy", 0, []string{"fix-1", "fix-1-health", "fix-2", "fix-2-health", "socket-1", "socket-1-health", "socket-2", "socket-2-health"}},
		{"failover", 2, []string{amqp, postgres}},
		{"mainframe-simulator", 1, nil},
		{"epmd", 0, nil},
		{"rabbitmq", 0, nil},
		{"postgres", 0, nil},
		{"redis", 0, nil},
	}
}

// Processes are all that can be killed.
func Processes() []string {
	var all []string
	for _, p := range programs() {
		all = append(all, p.processes()...)
	}
	return all
}

// IsServer tells whether a process is a server of Debian's, and none of our programs.
func IsServer(id string) bool {
	return slices.ContainsFunc(programs(), func(p program) bool { return p.replicas == 0 && p.name == id })
}

func (p program) processes() []string {
	if p.replicas == 0 {
		return []string{p.name}
	}
	var all []string
	for i := range p.replicas {
		all = append(all, fmt.Sprintf("%s-%d", p.name, i+1))
	}
	return all
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
	for _, p := range programs() {
		for _, id := range p.processes() {
			for _, server := range p.reaches {
				all = append(all, id+">"+server)
			}
		}
	}
	return all
}

// Declarers are the programs that declare queues at the broker, but for the gateways, whose queues are named after providers.
func Declarers() []string {
	return []string{"auth", "trading", "linecheck", "responsibility", "datasync", "mainframe"}
}

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
	for _, p := range programs() {
		if slices.Contains(names, p.name) {
			all = append(all, p.processes()...)
		}
	}
	return all
}

// gateways hold providers' sessions, each session at one instance.
func gateways() []string { return []string{"fix", "socket"} }

// services decide; their replicas share the work.
func services() []string { return []string{"auth", "trading", "linecheck", "responsibility"} }

// ours are the programs that are not servers of others.
func ours() []string {
	return append(gateways(), "auth", "trading", "linecheck", "responsibility", "datasync", "mainframe", "failover")
}
