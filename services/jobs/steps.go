package jobs

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/contract"
)

// Batch holds what the messages of one batch share: the rows of the runs that they are about, and the parts that are done.
type Batch struct {
	set      *Set
	wanted   map[key]bool    // runs of parts
	commands map[string]bool // jobs that are commanded
	reruns   map[key]bool    // due times that are commanded; their attempt is 0
	records  map[key]*record
	attempts map[key]int // the highest one of a due time
	loading  []Part
	storing  []Part
}

func steps() inbox.Table[*Batch] {
	return inbox.Table[*Batch]{
		contract.JobDue:       readDue,
		contract.JobCommanded: readCommand,
	}
}

// Steps returns the steps of the set's queue. The clock is the bank's.
func (s *Set) Steps(clock func() time.Time) inbox.Steps[*Batch] {
	begin := func() *Batch {
		return &Batch{
			set: s, wanted: map[key]bool{}, commands: map[string]bool{}, reruns: map[key]bool{},
			records: map[key]*record{}, attempts: map[key]int{},
		}
	}
	return inbox.Steps[*Batch]{Table: steps(), Begin: begin, Clock: clock, Ours: s.has}
}

// has tells whether an event is a part of one of the set's jobs, or a command, which says what it is about when it is handled. The
// service may have another queue for other jobs.
func (s *Set) has(e event.Event) bool {
	var run Run
	if e.Type != contract.JobDue || e.Read(&run) != nil {
		return true
	}
	_, ours := s.job(run.Job)
	return ours
}

// Load locks the rows of the runs, and then lets the parts load what they need.
func (s *Batch) Load(b *pgx.Batch) {
	jobs, due, attempts := keys(s.wanted)
	b.Queue(loadSQL, jobs, due, attempts, names(s.commands)).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, readRecord)
		for _, r := range found {
			s.records[r.key()] = r
		}
		return err
	})
	if len(s.reruns) > 0 {
		jobs, due, _ := keys(s.reruns)
		b.Queue(attemptsSQL, jobs, due).Query(s.readAttempts)
	}
	for _, p := range s.loading {
		p.Load(b)
	}
}

func (s *Batch) readAttempts(rows pgx.Rows) error {
	var k key
	var highest int
	_, err := pgx.ForEachRow(rows, []any{&k.job, &k.due, &highest}, func() error {
		s.attempts[key{job: k.job, due: k.due.UTC()}] = highest
		return nil
	})
	return err
}

// Store lets the parts store what they changed, and then stores the runs.
func (s *Batch) Store(b *pgx.Batch) {
	for _, p := range s.storing {
		p.Store(b)
	}
	for _, r := range s.records {
		if r.changed {
			r.save(b)
		}
	}
}

// underWay returns the open run of a job, nil if there is none.
func (s *Batch) underWay(job string) *record {
	for _, r := range s.records {
		if r.Job == job && r.open() {
			return r
		}
	}
	return nil
}

func names(of map[string]bool) []string {
	list := make([]string, 0, len(of))
	for name := range of {
		list = append(list, name)
	}
	return list
}

// nothing is the task of a command about another service's job.
type nothing struct{}

func (nothing) Want(*Batch) {}

func (nothing) Decide(*Batch, time.Time, event.Event) ([]event.Event, error) { return nil, nil }
