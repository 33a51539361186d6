// Package load sends requests over several FIX sessions, at a fixed rate or with a bounded number in flight. For each
// request it records when it was due, its answer, and the number of its answers.
package load

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"fxcore/scripts/testbench/bench/internal/mix"
)

// book records one session's requests. A reference is the prefix of run and session, and a number.
type book struct {
	prefix string

	mu       sync.Mutex
	requests []request
	strange  int    // answers to unknown requests
	refusal  string // text of the last Reject or BusinessMessageReject: the core did not process a request
	refused  int
	last     time.Time     // time of the last final answer since the mark; the mark if there was none
	silence  time.Duration // longest time between two of them
}

type request struct {
	due    time.Time // when it should be sent
	phase  *phase
	kind   mix.Kind
	finals int
}

func newBook(prefix string) *book { return &book{prefix: prefix} }

// open adds a request and returns its reference.
func (b *book) open(due time.Time, p *phase) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, request{due: due, phase: p})
	return b.prefix + strconv.Itoa(len(b.requests)-1)
}

// classify sets the kind of a request. The caller must call it before it sends the request.
func (b *book) classify(reference string, kind mix.Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.find(reference); r != nil {
		r.kind = kind
	}
}

// close enters a final answer. Only the first answer of a request counts for its phase. Further ones count as
// doubled.
func (b *book) close(reference string, accepted bool, text string, now time.Time) {
	b.mu.Lock()
	r := b.find(reference)
	if r == nil {
		b.strange++
		b.mu.Unlock()
		return
	}
	r.finals++
	b.silence, b.last = max(b.silence, now.Sub(b.last)), now
	first, one := r.finals == 1, *r
	b.mu.Unlock()
	if first {
		one.phase.answered(one, accepted, text, now)
	}
}

// mark begins a new measurement of silence.
func (b *book) mark() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last, b.silence = time.Now(), 0
}

// longest returns the longest silence since the mark. Only a final answer ends a silence.
func (b *book) longest() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.silence
}

// refuse enters a message that says that the core did not process a request.
func (b *book) refuse(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused++
	b.refusal = text
}

// find returns a request by its reference; nil if it is unknown. The caller holds the lock.
func (b *book) find(reference string) *request {
	digits, ours := strings.CutPrefix(reference, b.prefix)
	i, err := strconv.Atoi(digits)
	if !ours || err != nil || i < 0 || i >= len(b.requests) {
		return nil
	}
	return &b.requests[i]
}

// Totals are the sums over all sessions.
type Totals struct {
	Sent, Answered int
	Lost           int // requests without a final answer
	Doubled        int // final answers beyond the first
	Strange        int // answers to unknown requests
	Refused        int // rejects of the session layer
	Refusal        string
}

func (b *book) add(t *Totals) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.Sent += len(b.requests)
	for _, r := range b.requests {
		if r.finals == 0 {
			t.Lost++
			continue
		}
		t.Answered++
		t.Doubled += r.finals - 1
	}
	t.Strange += b.strange
	t.Refused += b.refused
	if b.refusal != "" {
		t.Refusal = b.refusal
	}
}
