// Package supervisor starts processes in order, restarts them, and stops them in reverse. Its record lets the next
// start find the processes that a killed supervisor left behind.
package supervisor

import (
	"context"
	"fmt"
	"os"
	"slices"
	"sync"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// Phase is a step of the start. It runs Prepare, starts all processes at once, waits until they are ready, and runs
// After.
type Phase struct {
	Title    string
	Prepare  func(context.Context) error
	Specs    []process.Spec
	After    func(context.Context) error
	Patience time.Duration // how long the processes may take to become ready
	// If a Needed phase fails, the start fails. If another phase fails, the start goes on, and its processes go on
	// trying.
	Needed bool
}

// Supervisor runs phases of processes. Its methods are safe for concurrent use, except Start and Stop.
type Supervisor struct {
	folder  folder.Folder
	spawner *process.Spawner
	record  *recorder
	say     func(string)

	mu       sync.Mutex
	phases   [][]*running // in the order of their start
	stopping bool         // nothing may start any more
}

type running struct {
	child *process.Child
	stop  context.CancelFunc
	done  chan struct{}
}

// New makes a supervisor for a folder that the caller has locked. It calls say with each line of progress. about goes
// into the record, for other programs.
func New(f folder.Folder, about About, say func(string)) *Supervisor {
	s := &Supervisor{folder: f, spawner: process.NewSpawner(), say: say}
	s.record = newRecorder(f, about, s.Children)
	return s
}

// Start runs the phases. After an error, the caller must call Stop to end what was started.
func (s *Supervisor) Start(ctx context.Context, phases []Phase) error {
	for _, p := range phases {
		began := time.Now()
		if err := s.phase(ctx, p); err != nil {
			return fmt.Errorf("start %s: %w", p.Title, err)
		}
		s.say(fmt.Sprintf("%-34s %5.1f s", p.Title, time.Since(began).Seconds()))
	}
	s.record.state(Running)
	return nil
}

func (s *Supervisor) phase(ctx context.Context, p Phase) error {
	if p.Prepare != nil {
		if err := p.Prepare(ctx); err != nil {
			return err
		}
	}
	children := s.launch(p.Specs)
	err := s.await(ctx, children, p.Patience)
	if err != nil && p.Needed {
		err = withLastWords(err, notReady(children))
	}
	if err == nil && p.After != nil {
		err = p.After(ctx)
	}
	if err != nil && !p.Needed && ctx.Err() == nil {
		s.say("warning: " + err.Error() + "; the start goes on")
		return nil
	}
	return err
}

// Tell replaces what the record tells other programs.
func (s *Supervisor) Tell(about About) { s.record.tell(about) }

// Add starts one more process. Stop ends it first.
func (s *Supervisor) Add(spec process.Spec) { s.launch([]process.Spec{spec}) }

// Has reports whether there is a process with that id.
func (s *Supervisor) Has(id string) bool {
	return slices.ContainsFunc(s.Children(), func(c *process.Child) bool { return c.Spec.ID() == id })
}

// Remove stops one process for good. It reports whether there was one with that id.
func (s *Supervisor) Remove(id string) bool {
	r := s.take(id)
	if r == nil {
		return false
	}
	r.stop()
	<-r.done
	s.record.changed()
	return true
}

// Signal sends a signal to one process. It returns os.ErrProcessDone if the process does not run, or does not exist.
func (s *Supervisor) Signal(id string, signal syscall.Signal) error {
	for _, c := range s.Children() {
		if running := c.Status().Process; c.Spec.ID() == id && running.PID != 0 {
			return running.Signal(signal)
		}
	}
	return os.ErrProcessDone
}

func (s *Supervisor) take(id string) *running {
	s.mu.Lock()
	defer s.mu.Unlock()
	for p, phase := range s.phases {
		for i, r := range phase {
			if r.child.Spec.ID() == id {
				s.phases[p] = append(phase[:i:i], phase[i+1:]...)
				return r
			}
		}
	}
	return nil
}

func (s *Supervisor) launch(specs []process.Spec) []*process.Child {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return nil
	}
	var phase []*running
	var children []*process.Child
	for _, spec := range specs {
		ctx, cancel := context.WithCancel(context.Background()) // it outlives the start; Stop ends it
		r := &running{child: process.NewChild(spec, s.spawner, s.record.changed), stop: cancel, done: make(chan struct{})}
		go func() {
			defer close(r.done)
			r.child.Run(ctx)
		}()
		phase, children = append(phase, r), append(children, r.child)
	}
	s.phases = append(s.phases, phase)
	return children
}

// Children returns the processes in the order of their start.
func (s *Supervisor) Children() []*process.Child {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*process.Child
	for _, phase := range s.phases {
		for _, r := range phase {
			all = append(all, r.child)
		}
	}
	return all
}

// Stop ends all processes, those of the last phase first. Each has its Grace.
func (s *Supervisor) Stop() {
	s.record.state(Stopping)
	s.mu.Lock()
	phases := s.phases
	s.stopping = true
	s.mu.Unlock()
	for i := len(phases) - 1; i >= 0; i-- {
		for _, r := range phases[i] {
			r.stop()
		}
		for _, r := range phases[i] {
			<-r.done
		}
	}
	s.record.close(Stopped)
	s.spawner.Close()
}
