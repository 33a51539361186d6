// Package trial runs one core, lets providers use it and faults harm it as a seed says, and judges the result.
package trial

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/faults/internal/harm"
	"fxcore/scripts/testbench/faults/internal/link"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/faults/internal/traffic"
	"fxcore/scripts/testbench/oracle/stores"
)

// Core is a core in the runner's own folder. All its connections pass through the runner's links.
type Core struct {
	Patience time.Duration // how long the core may take to recover by itself after the last fault

	folder string // of the core; links.json is next to it
	bin    string
	out    io.Writer
	links  map[string]*link.Link

	stack  *stack.Stack // nil while no core runs
	places stores.Places
	bank   banksClock
	people *traffic.Deletions // nil until a run of this core needs them
	leave  func()             // ends the watch of the bank's clock; nil while no core runs
}

// Direct makes a core without links: only its processes can be harmed. Each start deletes folder.
func Direct(bin, folder string, out io.Writer) *Core {
	return &Core{folder: folder, bin: bin, out: out}
}

// New makes a core and all its links. Each start deletes folder.
func New(ctx context.Context, bin, folder string, out io.Writer) (*Core, error) {
	c := &Core{Patience: backBound, folder: folder, bin: bin, out: out, links: map[string]*link.Link{}}
	ways := map[string]map[string]string{}
	for _, name := range schedule.Links() {
		from, to, _ := strings.Cut(name, ">")
		l, err := link.New(ctx, name, func() (string, error) { return c.address(to) })
		if err != nil {
			_ = c.Close()
			return nil, err
		}
		c.links[name] = l
		if slices.Contains(schedule.Doors(), to) {
			continue // the link of a provider, which this process plays
		}
		if ways[from] == nil {
			ways[from] = map[string]string{}
		}
		ways[from][to] = l.Address()
	}
	return c, report.WriteJSON(c.linksFile(), ways)
}

func (c *Core) linksFile() string { return filepath.Join(filepath.Dir(c.folder), "links.json") }

// address returns the address of a server of the running core.
func (c *Core) address(server string) (string, error) {
	r, err := (&stack.Stack{Folder: c.folder}).Record()
	if err != nil {
		return "", err
	}
	if id, health := strings.CutSuffix(server, "-health"); health {
		i := slices.IndexFunc(r.Processes, func(p stack.Process) bool { return p.ID() == id })
		if i < 0 {
			return "", fmt.Errorf("%s does not run", id)
		}
		return strings.TrimPrefix(r.Processes[i].Health, "http://"), nil
	}
	port, known := r.Ports[portName(server)]
	if !known {
		return "", fmt.Errorf("the core has no port named %s", server)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), nil
}

// door returns where a stream connects: at its link, or at the HTTP interface, which has none.
func (c *Core) door(s schedule.Stream) (string, error) {
	if s.Kind != schedule.API {
		return c.links[s.Provider+">"+s.Kind].Address(), nil
	}
	r, err := (&stack.Stack{Folder: c.folder}).Record()
	return r.URLs["api"], err
}

// portName returns the core's name for the port of a server: fix-1 has the port fix_instance_1.
func portName(server string) string {
	return strings.Replace(server, "-", "_instance_", 1)
}

// persons returns who deletes trades. They come in once for each core: a code is good once in half a minute.
func (c *Core) persons(ctx context.Context) (*traffic.Deletions, error) {
	if c.people != nil {
		return c.people, nil
	}
	door, err := c.door(schedule.Stream{Kind: schedule.API})
	if err != nil {
		return nil, err
	}
	c.people, err = traffic.OpenDeletions(ctx, door, c.folder)
	return c.people, err
}

// Start starts an empty core. It first ends and deletes an earlier one.
func (c *Core) Start(ctx context.Context) error {
	if err := c.clean(ctx); err != nil {
		return err
	}
	env := []string{"CLOCK_MAY_RUN_AHEAD=true"}
	if c.links != nil {
		env = append(env, "FXCORE_LINKS="+c.linksFile())
	}
	s, err := stack.Start(ctx, c.bin, c.folder, c.out, env...)
	if err != nil {
		return err
	}
	c.stack = s
	c.bank.reset()
	return c.look(ctx)
}

// clean ends an earlier core and deletes its data.
func (c *Core) clean(ctx context.Context) error {
	if err := stack.Clean(ctx, c.bin, c.folder); err != nil {
		return err
	}
	if err := os.RemoveAll(c.records()); err != nil {
		return fmt.Errorf("remove records: %w", err)
	}
	return os.MkdirAll(c.records(), 0o750)
}

func (c *Core) records() string { return filepath.Join(c.folder, "records") }

// look reads the core's addresses, and lets the database record who writes sessions.
func (c *Core) look(ctx context.Context) error {
	r, err := c.stack.Record()
	if err != nil {
		return err
	}
	known := slices.Concat(schedule.Processes(), schedule.FullServers())
	for _, p := range r.Processes {
		if !slices.Contains(known, p.ID()) {
			return fmt.Errorf("%s runs, but no fault can hit it: add it to scripts/internal/programs/list.go", p.ID())
		}
	}
	if c.places, err = stores.Find(ctx, c.stack, schedule.Declarers()); err != nil {
		return err
	}
	c.places.Clock = c.bank.now
	c.follow(ctx, r.URLs["redis"])
	return stores.Watch(ctx, r.URLs["admin_postgres"])
}

// follow has providers follow the bank's clock until the core is stopped.
func (c *Core) follow(ctx context.Context, redis string) {
	watching, end := context.WithCancel(context.WithoutCancel(ctx))
	var running sync.WaitGroup
	running.Go(func() {
		if err := c.bank.watch(watching, redis); err != nil {
			_, _ = fmt.Fprintln(c.out, "the bank's clock is not followed:", err)
		}
	})
	c.leave = func() {
		end()
		running.Wait()
	}
}

// Stop ends the core. Its data stay until the next start.
func (c *Core) Stop() error {
	if c.stack == nil {
		return nil
	}
	s := c.stack
	c.stack = nil
	if c.people != nil {
		c.people.Close()
		c.people = nil
	}
	if c.leave != nil {
		c.leave()
	}
	return s.Stop()
}

// Close ends the core and all links.
func (c *Core) Close() error {
	err := c.Stop()
	for _, l := range c.links {
		l.Close()
	}
	return err
}

// Link returns the link with the name; false if there is none.
func (c *Core) Link(name string) (harm.Link, bool) {
	l, there := c.links[name]
	return l, there
}

// stopGrace is the time between the stop signal and SIGKILL in Docker, by default.
const stopGrace = 10 * time.Second

// Running returns a process of this core, which must be a child of its supervisor; false if it does not run.
func (c *Core) Running(name string) (harm.Process, bool) {
	r, err := c.stack.Record()
	if err != nil {
		return harm.Process{}, false
	}
	i := slices.IndexFunc(r.Processes, func(p stack.Process) bool { return p.ID() == name })
	if i < 0 || r.Processes[i].PID == 0 {
		return harm.Process{}, false
	}
	p, runs := harm.Find(r.Processes[i].PID)
	p.Stop, p.Grace = r.Processes[i].Stop, stopGrace
	return p, runs && p.Parent == r.Supervisor.PID
}
