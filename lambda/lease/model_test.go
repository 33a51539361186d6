package lease

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The model: several processes, each with its book, its own clock (which runs up to a quarter slower or faster than the
// database's), messages that take any time or are lost, also while their sender has given up on them, and processes that
// stop at any point and run again. Tenants write to a fenced row without looking at their lease first. Wall clocks do not
// appear because a book never sees one.
func TestAtMostOneProcessBelievesThatItHolds(t *testing.T) {
	takeovers, refusedWrites, given := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(t)
		for range rapid.SampledFrom([]int{100, 1000}).Draw(t, "steps") {
			w.step(t)
			w.check(t)
		}
		takeovers += w.takeovers
		refusedWrites += w.refused
		given += w.given
	})
	if takeovers == 0 || refusedWrites == 0 || given == 0 {
		t.Errorf("%d takeovers, %d refused writes, %d given as wished: the model has shown nothing", takeovers, refusedWrites, given)
	}
}

func (w *world) step(t *rapid.T) {
	actions := map[string]func(*rapid.T){
		"time passes": w.pass, "ask": w.ask, "database acts": w.act, "answer arrives": w.answer, "ask and be answered": w.roundTrip,
		"watch": w.watch, "tenant ends": w.end, "tenant writes": w.write, "give": w.give, "want": w.want, "stop": w.stop,
		"restart": w.restart, "message is lost": w.lose, "wish": w.wish,
	}
	frequent := []string{"time passes", "ask", "database acts", "answer arrives", "ask and be answered", "watch", "tenant ends", "want", "tenant writes"}
	choices := slices.Concat(slices.Sorted(maps.Keys(actions)), frequent, frequent)
	actions[rapid.SampledFrom(choices).Draw(t, "action")](t)
}

const modelLength = 1200 * time.Millisecond

var modelNames = []string{"a", "b"}

type world struct {
	now       time.Duration // of the database
	processes []*process
	rows      map[string]*row
	requests  []*request // on their way to the database
	answers   []*request // on their way back
	owners    map[Grant]*process
	fenced    map[string]int64            // the epoch that a tenant's own row has
	doubted   map[*process]map[Grant]bool // what a process has ceased to believe
	takeovers int
	refused   int
	given     int // because of a wish
}

type row struct {
	holder  *process
	epoch   int64
	expires time.Duration
	wish    int           // the replica, as an index
	wished  time.Duration // until when, 0 for no wish
}

type process struct {
	world   *world
	replica int
	book    *book
	rate    int64 // percent of the database's clock
	offset  time.Duration
	stopped bool
	pending map[string]*request // the request of each kind that is not given up
	last    map[string]int64    // epochs that tenants have, or had
}

type request struct {
	kind   string        // take, renew, release or write
	length time.Duration // of the lease
	from   *process
	sent   time.Duration
	names  []string
	grants []Grant // asked, then answered
	told   renewal
}

func newWorld(t *rapid.T) *world {
	w := &world{rows: map[string]*row{}, owners: map[Grant]*process{}, fenced: map[string]int64{}, doubted: map[*process]map[Grant]bool{}}
	for i := range rapid.IntRange(2, 4).Draw(t, "processes") {
		w.processes = append(w.processes, w.start(t, i))
	}
	return w
}

func (w *world) start(t *rapid.T, replica int) *process {
	p := &process{
		world: w, replica: replica, book: newBook(), pending: map[string]*request{}, last: map[string]int64{},
		rate: rapid.SampledFrom([]int64{80, 100, 125}).Draw(t, "rate"), offset: time.Duration(rapid.IntRange(0, 1000).Draw(t, "offset")) * time.Second,
	}
	p.book.want(modelNames)
	return p
}

func (p *process) now() time.Duration {
	return p.offset + p.world.now*time.Duration(p.rate)/100
}

func (w *world) check(t *rapid.T) {
	for _, name := range modelNames {
		believers := 0
		for _, p := range w.processes {
			epoch, ok := p.book.holds(name, p.now())
			w.remember(t, p, name, ok)
			if ok {
				believers++
				if r := w.rows[name]; r.holder != p || r.epoch != epoch {
					t.Fatalf("%s: one believes in epoch %d, the row says %d", name, epoch, r.epoch)
				}
			}
		}
		if believers > 1 {
			t.Fatalf("%s: %d believe that they hold it", name, believers)
		}
	}
}

// remember checks that belief in a grant does not come back.
func (w *world) remember(t *rapid.T, p *process, name string, holds bool) {
	g := Grant{name, p.last[name]}
	if holds && w.doubted[p][g] {
		t.Fatalf("%v is believed again", g)
	}
	if !holds && g.Epoch > 0 {
		if w.doubted[p] == nil {
			w.doubted[p] = map[Grant]bool{}
		}
		w.doubted[p][g] = true
	}
}

func (w *world) pass(t *rapid.T) {
	w.now += time.Duration(rapid.SampledFrom([]int{1, 10, 100, 240, 400, 800, 1200}).Draw(t, "ms")) * time.Millisecond
}

func (w *world) any(t *rapid.T) *process {
	return w.processes[rapid.IntRange(0, len(w.processes)-1).Draw(t, "process")]
}

// awake draws a process that is not stopped; continuing it is part of the draw.
func (w *world) awake(t *rapid.T) *process {
	p := w.any(t)
	p.stopped = false
	return p
}

// stop is SIGSTOP: the process does nothing until it is drawn to do something, much later.
func (w *world) stop(t *rapid.T) { w.any(t).stopped = true }

func (w *world) watch(t *rapid.T) {
	p := w.awake(t)
	p.book.lapsed(p.now())
}

func (w *world) give(t *rapid.T) { w.awake(t).book.give(anyName(t)) }

func (w *world) want(t *rapid.T) {
	names := rapid.SampledFrom([][]string{modelNames, modelNames, modelNames, {"a"}, {"b"}, nil}).Draw(t, "names")
	w.awake(t).book.want(names)
}

// restart kills a process; what it has sent is still under way.
func (w *world) restart(t *rapid.T) {
	i := slices.Index(w.processes, w.any(t))
	w.processes[i] = w.start(t, i)
}

// wish has no answer that matters to a book.
func (w *world) wish(t *rapid.T) {
	if row := w.rows[anyName(t)]; row != nil {
		row.wish, row.wished = w.any(t).replica, w.now+wishLasts
	}
}

// wishedFrom tells whether the name is wished for another than p.
func (r *row) wishedFrom(p *process, now time.Duration) bool {
	return r.wished > now && r.wish != p.replica
}

func anyName(t *rapid.T) string { return rapid.SampledFrom(modelNames).Draw(t, "name") }

// ask sends a statement; an earlier one of its kind is given up, which does not call it back.
func (w *world) ask(t *rapid.T) {
	p := w.awake(t)
	r := &request{kind: rapid.SampledFrom([]string{"take", "renew", "release"}).Draw(t, "kind"), from: p, sent: p.now()}
	r.length = rapid.SampledFrom([]time.Duration{modelLength, modelLength, 3 * modelLength, 12 * modelLength}).Draw(t, "length")
	switch r.kind {
	case "take":
		r.names = p.book.free(r.sent)
	case "renew":
		r.grants = p.book.renewable(r.sent)
	case "release":
		r.grants = p.book.releasable()
	}
	if len(r.names)+len(r.grants) == 0 {
		return
	}
	p.pending[r.kind] = r
	w.requests = append(w.requests, r)
}

func pull(t *rapid.T, from *[]*request) *request {
	if len(*from) == 0 {
		return nil
	}
	i := rapid.IntRange(0, len(*from)-1).Draw(t, "message")
	r := (*from)[i]
	*from = slices.Delete(*from, i, i+1)
	return r
}

func (w *world) lose(t *rapid.T) {
	if rapid.Bool().Draw(t, "on its way back") {
		pull(t, &w.answers)
		return
	}
	pull(t, &w.requests)
}

// act is what the statements do to the rows.
func (w *world) act(t *rapid.T) {
	r := pull(t, &w.requests)
	if r == nil {
		return
	}
	switch r.kind {
	case "take":
		w.take(t, r)
	case "renew":
		for _, g := range r.grants {
			if w.isOwn(r.from, g) {
				w.rows[g.Name].expires = max(w.rows[g.Name].expires, w.now+r.length)
			}
			r.told.note(g, w.isOwn(r.from, g), w.rows[g.Name].wishedFrom(r.from, w.now))
		}
	case "release":
		for _, g := range r.grants {
			if w.isOwn(r.from, g) {
				w.rows[g.Name].expires = w.now
			}
		}
	case "write":
		w.land(t, r)
		return
	}
	w.answers = append(w.answers, r)
}

func (w *world) isOwn(p *process, g Grant) bool {
	row := w.rows[g.Name]
	return row.holder == p && row.epoch == g.Epoch && row.expires > w.now
}

func (w *world) take(t *rapid.T, r *request) {
	for _, name := range r.names {
		if w.rows[name] == nil {
			w.rows[name] = &row{}
		}
		row := w.rows[name]
		if row.expires > w.now || row.wishedFrom(r.from, w.now) && row.expires+reserved > w.now {
			continue
		}
		*row = row.takenBy(r.from, w.now+r.length)
		g := Grant{name, row.epoch}
		if w.owners[g] != nil {
			t.Fatalf("%v was granted twice", g)
		}
		w.owners[g] = r.from
		r.grants = append(r.grants, g)
	}
}

func (r row) takenBy(p *process, until time.Duration) row {
	return row{holder: p, epoch: r.epoch + 1, expires: until}
}

func (w *world) answer(t *rapid.T) {
	r := pull(t, &w.answers)
	if r == nil {
		return
	}
	p := r.from
	if p.stopped {
		w.answers = append(w.answers, r) // it lies in its socket
		return
	}
	if p.pending[r.kind] != r {
		return // given up
	}
	delete(p.pending, r.kind)
	switch r.kind {
	case "take":
		w.gain(p, p.book.taken(r.sent+belief(r.length), p.now(), r.grants))
	case "renew":
		p.book.renewed(r.sent+belief(r.length), p.now(), r.told.renewed)
		p.book.refused(r.told.refused)
		w.given += len(p.book.wished(r.told.wished))
	case "release":
		p.book.released(r.grants)
	}
}

// gain has the tenant put its epoch into its own row, which is where older ones are refused from then on.
func (w *world) gain(p *process, gained []Grant) {
	for _, g := range gained {
		p.last[g.Name] = g.Epoch
		if g.Epoch > w.fenced[g.Name] {
			w.fenced[g.Name] = g.Epoch
			w.takeovers++
		}
	}
}

func (w *world) end(t *rapid.T) {
	p, name := w.awake(t), anyName(t)
	if e := p.book.entries[name]; e == nil || (e.phase != giving && e.phase != losing) {
		return
	}
	p.book.ended(name)
}

func (w *world) write(t *rapid.T) {
	p, name := w.awake(t), anyName(t)
	if p.last[name] == 0 {
		return
	}
	w.requests = append(w.requests, &request{kind: "write", from: p, grants: []Grant{{name, p.last[name]}}})
}

// land is a fenced write: it counts only with the row's epoch, and then nobody who was granted later has begun.
func (w *world) land(t *rapid.T, r *request) {
	g := r.grants[0]
	if g.Epoch != w.fenced[g.Name] {
		w.refused++
		return
	}
	for later, owner := range w.owners {
		if later.Name == g.Name && later.Epoch > g.Epoch && owner.last[g.Name] >= later.Epoch {
			t.Fatalf("a write with epoch %d counted after epoch %d had begun", g.Epoch, later.Epoch)
		}
	}
	if w.owners[g] != r.from {
		t.Fatalf("%v wrote with another's epoch", g)
	}
}

// roundTrip is what mostly happens, so that runs get somewhere.
func (w *world) roundTrip(t *rapid.T) {
	before := len(w.requests)
	w.ask(t)
	if len(w.requests) == before {
		return
	}
	w.requests[0], w.requests[before] = w.requests[before], w.requests[0]
	others, answers := w.requests[1:], w.answers
	w.requests, w.answers = w.requests[:1:1], nil
	w.act(t)
	w.answer(t)
	w.requests, w.answers = others, append(w.answers, answers...)
}
