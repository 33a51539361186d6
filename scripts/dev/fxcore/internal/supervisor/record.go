package supervisor

import (
	"os"
	"sync"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
)

// RecordName is the name of the record's file. The bench, tests and the next supervisor read it.
const RecordName = "fxcore.json"

// State is the state of the supervisor.
type State string

// The states of a supervisor.
const (
	Starting State = "starting"
	Running  State = "running"
	Stopping State = "stopping"
	Stopped  State = "stopped"
)

// About is the part of a record that does not change during a run.
type About struct {
	Ports map[string]int    `json:"ports"`
	URLs  map[string]string `json:"urls"` // with passwords: only the owner can read the record
}

// Record is the content of the file.
type Record struct {
	About
	State      State            `json:"state"`
	Since      time.Time        `json:"since"`
	Supervisor process.Identity `json:"supervisor"`
	Processes  []Process        `json:"processes"`
}

// Process is one process in the record. PID is 0 while the process does not run.
type Process struct {
	Name     string           `json:"name"`
	Replica  string           `json:"replica"`
	PID      int              `json:"pid"`
	Health   string           `json:"health,omitempty"` // base URL of /live, /ready and /status
	State    process.State    `json:"state"`
	Reason   string           `json:"reason,omitempty"`
	Since    time.Time        `json:"since"`
	Restarts int              `json:"restarts"`
	Identity process.Identity `json:"identity"`
	Stop     syscall.Signal   `json:"stop"` // the signal that ends it cleanly
}

// recorder writes the record soon after each change. One write may cover many changes.
type recorder struct {
	folder   folder.Folder
	children func() []*process.Child

	mu     sync.Mutex
	record Record

	wake   chan struct{}
	closed chan struct{}
}

func newRecorder(f folder.Folder, about About, children func() []*process.Child) *recorder {
	self, _ := process.Identify(os.Getpid()) // a process can always read its own identity
	r := &recorder{
		folder: f, children: children, record: Record{About: about, State: Starting, Since: time.Now(), Supervisor: self},
		wake: make(chan struct{}, 1), closed: make(chan struct{}),
	}
	go r.run()
	r.changed()
	return r
}

func (r *recorder) run() {
	defer close(r.closed)
	for range r.wake {
		_ = r.write() // the disk may be full; the next change tries again
	}
}

func (r *recorder) changed() {
	select {
	case r.wake <- struct{}{}:
	default: // the next write, which has not begun, covers this change
	}
}

func (r *recorder) state(s State) {
	r.mu.Lock()
	r.record.State, r.record.Since = s, time.Now()
	r.mu.Unlock()
	r.changed()
}

func (r *recorder) tell(about About) {
	r.mu.Lock()
	r.record.About = about
	r.mu.Unlock()
	r.changed()
}

// close writes the last state. The caller must have ended all processes.
func (r *recorder) close(s State) {
	r.state(s)
	close(r.wake)
	<-r.closed
	_ = r.write()
}

func (r *recorder) write() error {
	r.mu.Lock()
	record := r.record
	r.mu.Unlock()
	record.Processes = Describe(r.children())
	return r.folder.WriteJSON(RecordName, record, 0o600)
}

// Describe returns what the record says about the children.
func Describe(children []*process.Child) []Process {
	all := make([]Process, 0, len(children))
	for _, c := range children {
		s := c.Status()
		all = append(all, Process{
			Name: c.Spec.Name, Replica: c.Spec.Replica, PID: s.Process.PID, Health: c.Spec.Health, State: s.State, Reason: s.Reason,
			Since: s.Since, Restarts: s.Restarts, Identity: s.Process, Stop: c.Spec.Stop,
		})
	}
	return all
}

// Read reads a folder's record. It returns the zero Record if the file does not exist.
func Read(f folder.Folder) (Record, error) {
	var r Record
	err := f.ReadJSON(RecordName, &r)
	return r, err
}
