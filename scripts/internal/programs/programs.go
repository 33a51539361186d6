// Package programs is the one list of what the core runs: our programs, and the servers from Debian beside them. The programs
// that start the core, harm it, measure it and judge it read this list. What is not here is not started.
package programs

import (
	"cmp"
	"slices"
	"strconv"
)

// Program is one line of the list.
type Program struct {
	Name     string   // of the executable and its processes: auth has the processes auth-1 and auth-2
	Folder   string   // of its package main, from the project's root; empty for a server from Debian
	Kind     Kind     // how its replicas share the work
	Start    Stage    // when make run starts it
	Replicas int      // to begin with; a server has 0: its one process has no number
	Servers  []string // to which it connects
	Role     string   // in PostgreSQL, which is also the name of its schema; empty: Name

	// Carries says that trades, or the data that decide them, pass through it, so that a provider could notice its death.
	Carries bool
}

// Kind says how the replicas of a program share the work.
type Kind string

// The kinds.
const (
	Service   Kind = "service"   // all replicas work, at the same queues
	Gateway   Kind = "gateway"   // each provider's session is at one replica; HAProxy routes the provider to that one
	Simulator Kind = "simulator" // stands for a system of the bank; there is one
	Demo      Kind = "demo"      // a provider that trades by itself; tests start a core without it
	Server    Kind = "server"    // not ours; package fleet starts it
)

// Stage is a step of the start: programs of one stage start together, and the next stage starts once they are ready.
type Stage int

// The stages, in their order. Servers start before all of them, and HAProxy before Doors.
const (
	Simulators Stage = iota
	MainframeGateway
	StaticData
	Deciding
	Doors
	Visitors
)

// What a program connects to.
const (
	AMQP      = "amqp"
	Postgres  = "postgres"
	Redis     = "redis"
	Mainframe = "mainframe"
)

// Uses reports whether the program connects to a server.
func (p Program) Uses(server string) bool { return slices.Contains(p.Servers, server) }

// Processes are the names of the program's processes with the replicas that it begins with.
func (p Program) Processes() []string {
	if p.Replicas == 0 {
		return []string{p.Name}
	}
	var all []string
	for n := 1; n <= p.Replicas; n++ {
		all = append(all, p.Name+"-"+strconv.Itoa(n))
	}
	return all
}

// Named finds a program; false if the list has none of that name.
func Named(name string) (Program, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Program) bool { return p.Name == name })
	if i < 0 {
		return Program{}, false
	}
	return all[i], true
}

// Of lists the programs for which a condition holds, in the order of the list.
func Of(holds func(Program) bool) []Program {
	return slices.DeleteFunc(All(), func(p Program) bool { return !holds(p) })
}

// Names are the names of programs.
func Names(all []Program) []string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return names
}

// Ours are the programs that this project builds.
func Ours() []Program { return Of(func(p Program) bool { return p.Kind != Server }) }

// Gateways are the programs to which providers connect.
func Gateways() []Program { return Of(func(p Program) bool { return p.Kind == Gateway }) }

// Services are the programs whose replicas share queues.
func Services() []Program { return Of(func(p Program) bool { return p.Kind == Service }) }

// Carriers are the services whose death a provider could notice.
func Carriers() []Program { return Of(func(p Program) bool { return p.Carries }) }

// ByStage groups our programs by the stage in which they start, the first stage first.
func ByStage() [][]Program {
	ours := Ours()
	slices.SortStableFunc(ours, func(a, b Program) int { return cmp.Compare(a.Start, b.Start) })
	var groups [][]Program
	for i, p := range ours {
		if i == 0 || p.Start != ours[i-1].Start {
			groups = append(groups, nil)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], p)
	}
	return groups
}
