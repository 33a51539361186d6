// Package programs is the one list of what the core runs: our programs and the servers from Debian. The programs that
// start, harm, measure and judge the core read this list. A program that is not in the list is not started.
package programs

import (
	"cmp"
	"slices"
	"strconv"
)

// Program is one line of the list.
type Program struct {
	Name     string   // of the executable and of its processes: auth has the processes auth-1 and auth-2
	Folder   string   // of its package main, from the project's root; empty for a server from Debian
	Kind     Kind     // how its replicas share the work
	Start    Stage    // when make run starts it
	Replicas int      // at the first start; 0 for a server, whose one process has no number
	Servers  []string // the servers that it connects to
	Role     string   // in PostgreSQL, also the name of its schema; empty: the same as Name

	Sets  []string // of the mainframe's data, which it reads in Redis; its user there can read no other
	Fills bool     // it writes all of them

	// Carries says that trades, or data that decide about trades, pass through it. A provider could notice its death.
	Carries bool

	// Signs says that it has a key to sign with: the mainframe books or moves what it publishes, or it gives the commands of people.
	Signs bool

	// Yields says that nobody who trades waits for it: it may be slow while the machine is busy.
	Yields bool
}

// Kind says how the replicas of a program share the work.
type Kind string

// The kinds.
const (
	Service   Kind = "service"   // all replicas consume from the same queues
	Gateway   Kind = "gateway"   // each provider's session is at one replica; HAProxy routes the provider to it
	Simulator Kind = "simulator" // stands for a system of the bank; one process
	Demo      Kind = "demo"      // a provider that trades by itself; a core for tests runs without it
	Server    Kind = "server"    // from Debian; package fleet starts it

	FullServer Kind = "full server" // the same, only in a full start: FULL=1
)

// Stage is a step of the start. Programs of one stage start together. The next stage starts when they are ready.
type Stage int

// The stages, in their order. Servers start before all stages. HAProxy starts before Doors. Tracing declares the stream of the journal, so
// it starts before whoever publishes: what is published earlier, the journal lacks.
const (
	Simulators Stage = iota
	Journal
	MainframeGateway
	StaticData
	Deciding
	Doors
	Visitors
)

// The servers that a program connects to.
const (
	AMQP      = "amqp"
	Postgres  = "postgres"
	Redis     = "redis"
	Mainframe = "mainframe"
)

// Uses reports whether the program connects to a server.
func (p Program) Uses(server string) bool { return slices.Contains(p.Servers, server) }

// Processes returns the names of the program's processes at the first start.
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

// Named returns the program with the name; false if the list has none.
func Named(name string) (Program, bool) {
	all := All()
	i := slices.IndexFunc(all, func(p Program) bool { return p.Name == name })
	if i < 0 {
		return Program{}, false
	}
	return all[i], true
}

// Of returns the programs for which holds is true, in the order of the list.
func Of(holds func(Program) bool) []Program {
	return slices.DeleteFunc(All(), func(p Program) bool { return !holds(p) })
}

// Names returns the names of the programs.
func Names(all []Program) []string {
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return names
}

// Ours returns the programs that this project builds.
func Ours() []Program {
	return Of(func(p Program) bool { return p.Kind != Server && p.Kind != FullServer })
}

// Gateways returns the programs to which providers connect.
func Gateways() []Program { return Of(func(p Program) bool { return p.Kind == Gateway }) }

// Services returns the programs whose replicas share queues.
func Services() []Program { return Of(func(p Program) bool { return p.Kind == Service }) }

// Carriers returns the services whose death a provider could notice.
func Carriers() []Program { return Of(func(p Program) bool { return p.Carries }) }

// ByStage groups our programs by their stage, the first stage first.
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
