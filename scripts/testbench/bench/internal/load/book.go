// Package load sends requests over several FIX sessions, by a schedule or with a bounded number under way, and keeps
// account of every one: when it was due, what it was answered, and how often.
package load

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"fxcore/scripts/testbench/bench/internal/mix"
)

// book is the account of one session's requests. References are a prefix of the run and session, and a number.
type book struct {
	prefix string

	mu       sync.Mutex
	requests []request
	strange  int    // answers to nothing that was sent
	refusal  string // the last session or business reject's text: a request was not even read
	refused  int
	last     time.Time     // of the last final answer since the mark, or the mark
	silence  time.Duration // the longest between two of them
}

type request struct {
	due    time.Time // the intended sending time
	phase  *phase
	kind   mix.Kind
	finals int
}

func newBook(prefix string) *book { return &book{prefix: prefix} }

// open enters a request and returns its reference.
func (b *book) open(due time.Time, p *phase) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.requests = append(b.requests, request{due: due, phase: p})
	return b.prefix + strconv.Itoa(len(b.requests)-1)
}

// classify notes what the request with the given reference turned out to be. It is called before it is sent.
func (b *book) classify(reference string, kind mix.Kind) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if r := b.find(reference); r != nil {
		r.kind = kind
	}
}

// close enters a final answer. Only a request's first one counts for its phase; the others are doubles.
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

// mark begins to measure silence anew.
func (b *book) mark() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last, b.silence = time.Now(), 0
}

// longest is the longest silence since the mark.
func (b *book) longest() time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.silence
}

// refuse enters a message that says one of ours was not even read.
func (b *book) refuse(text string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.refused++
	b.refusal = text
}

// find returns a request by its reference; nil if it is none of ours. The caller holds the lock.
func (b *book) find(reference string) *request {
	digits, ours := strings.CutPrefix(reference, b.prefix)
	i, err := strconv.Atoi(digits)
	if !ours || err != nil || i < 0 || i >= len(b.requests) {
		return nil
	}
	return &b.requests[i]
}

// Totals are the sums of all books.
type Totals struct {
	Sent, Answered int
	Lost           int // without a final answer
	Doubled        int // final answers beyond the first
	Strange        int // answers to nothing that was sent
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
