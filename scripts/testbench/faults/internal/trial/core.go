// Package trial tries a core: it starts one of its own, lets it be used and harmed as a seed says, and judges what became of it.
package trial

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/faults/internal/harm"
	"fxcore/scripts/testbench/faults/internal/link"
	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/faults/internal/schedule"
	"fxcore/scripts/testbench/oracle/stores"
)

// Core is a core in a folder of the runner's own, whose every link leads through the runner.
type Core struct {
	Patience time.Duration // within it all must be well again by itself, after the last fault of a run

	folder string // of the core; beside it lies links.json
	bin    string
	out    io.Writer
	links  map[string]*link.Link

	stack  *stack.Stack // nil while none runs
	places stores.Places
}

// Direct makes a core without links: nothing can be troubled but its processes. folder is removed at each start.
func Direct(bin, folder string, out io.Writer) *Core {
	return &Core{folder: folder, bin: bin, out: out}
}

// New makes the links. folder is removed at each start.
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
			continue // a provider's, which is ours
		}
		if ways[from] == nil {
			ways[from] = map[string]string{}
		}
		ways[from][to] = l.Address()
	}
	return c, report.WriteJSON(c.linksFile(), ways)
}

func (c *Core) linksFile() string { return filepath.Join(filepath.Dir(c.folder), "links.json") }

// address is where a server of the core that runs now listens.
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
		return "", fmt.Errorf("the core has no port of the name %s", server)
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), nil
}

// portName is how the core calls the port of a server: that of fix-1 is fix_instance_1.
func portName(server string) string {
	return strings.Replace(server, "-", "_instance_", 1)
}

// Start starts an empty core, after ending what may be left of the last one.
func (c *Core) Start(ctx context.Context) error {
	if err := c.clean(ctx); err != nil {
		return err
	}
	var env []string
	if c.links != nil {
		env = append(env, "FXCORE_LINKS="+c.linksFile())
	}
	s, err := stack.Start(ctx, c.bin, c.folder, c.out, env...)
	if err != nil {
		return err
	}
	c.stack = s
	return c.look(ctx)
}

// clean removes what an earlier core left.
func (c *Core) clean(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(c.bin, "fxcore"), "clean") //nolint:gosec // our own program
	cmd.Env = append(os.Environ(), "FXCORE_ROOT="+c.folder)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("remove the last core: %w: %s", err, out)
	}
	if err := os.RemoveAll(c.records()); err != nil {
		return fmt.Errorf("remove records: %w", err)
	}
	return os.MkdirAll(c.records(), 0o750)
}

func (c *Core) records() string { return filepath.Join(c.folder, "records") }

// look learns where everything is, and has the database watch who writes.
func (c *Core) look(ctx context.Context) error {
	r, err := c.stack.Record()
	if err != nil {
		return err
	}
	known := schedule.Processes()
	for _, p := range r.Processes {
		if !slices.Contains(known, p.ID()) {
			return fmt.Errorf("%s runs and is harmed by nothing: add it to scripts/internal/programs/list.go", p.ID())
		}
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return fmt.Errorf("list providers: %w", err)
	}
	var providers []string
	for _, p := range bank.Providers {
		providers = append(providers, p.ID)
	}
	queues, err := c.stack.Queues(ctx, schedule.Declarers(), providers)
	if err != nil {
		return err
	}
	c.places = stores.Places{Postgres: r.URLs["postgres"], AMQP: r.URLs["amqp"], Mainframe: r.URLs["mainframe_control"], Queues: queues}
	return stores.Watch(ctx, c.places.Postgres)
}

// Stop ends the core; what it kept stays until the next start.
func (c *Core) Stop() error {
	if c.stack == nil {
		return nil
	}
	s := c.stack
	c.stack = nil
	return s.Stop()
}

// Close ends everything.
func (c *Core) Close() error {
	err := c.Stop()
	for _, l := range c.links {
		l.Close()
	}
	return err
}

// Link is the link of that name.
func (c *Core) Link(name string) (harm.Link, bool) {
	l, there := c.links[name]
	return l, there
}

// stopGrace is Docker's default between the signal that asks a process to end and SIGKILL.
const stopGrace = 10 * time.Second

// Running is a process of this core: a child of its supervisor.
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
