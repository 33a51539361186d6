// Command alerts shows on the core that runs in this clone that its alerts are true. See README.md.
//
//	alerts                       makes all causes, in groups, and measures how long each alert takes to fire and to clear
//	alerts -cause redis,icinga   only the causes that have one of the words in their name or in the key of an alert
//	alerts -list                 lists the causes
//	alerts -brief                does not wait for what clears after ten minutes
//	alerts -quiet 1h             restarts every program in turn and moves sessions: no alert may fire
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"fxcore/scripts/internal/stack"
)

func main() { os.Exit(show()) }

// show returns the process's exit code: 0 if every alert did what it must, 1 if not, 2 if nothing was begun.
func show() int {
	only := flag.String("cause", "", "only the causes that have one of these words, with commas between them, in their name or in the key of an alert")
	listed := flag.Bool("list", false, "list the causes, and make none")
	brief := flag.Bool("brief", false, "do not wait until the alerts clear that count what happened within ten minutes")
	quiet := flag.Duration("quiet", 0, "make no cause; restart and move for so long")
	much := flag.String("too-much", "", "be an instance that does one thing too much: memory or lines")
	flag.Parse()
	switch {
	case *much != "":
		return tooMuch(*much)
	case *listed:
		return list(os.Stdout, *only)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	core, err := open()
	if err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "alerts:", err)
		return 2
	}
	if *quiet > 0 {
		return core.quiet(ctx, *quiet)
	}
	return core.make(ctx, *only, *brief)
}

// core is the running core.
type core struct {
	*stack.Stack
	record stack.Record
	told   *telling
}

// settle is how long a core that has just started may take until nothing fires.
const settle = 2 * time.Minute

func open() (*core, error) {
	folder := os.Getenv("RUN_FOLDER")
	if folder == "" {
		folder = ".run"
	}
	folder, err := filepath.Abs(folder)
	if err != nil {
		return nil, fmt.Errorf("find the core: %w", err)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find the programs: %w", err)
	}
	c := &core{Stack: &stack.Stack{Folder: folder, Bin: filepath.Dir(self)}}
	if c.record, err = c.Record(); err != nil {
		return nil, fmt.Errorf("find the core, is it started?: %w", err)
	}
	c.told = &telling{addresses: c.addresses, lasting: map[string]bool{}}
	return c, nil
}

// addresses returns the health addresses of monitoring, which has the list of alerts.
func (c *core) addresses() (all []string) {
	r, err := c.Record()
	if err != nil {
		return nil
	}
	for _, p := range r.Processes {
		if p.Name == "monitoring" {
			all = append(all, p.Health)
		}
	}
	return all
}

// has tells whether a process runs here, as redis or auth-1.
func (c *core) has(id string) bool {
	_, err := c.Process(id)
	return err == nil
}
