package engine

import (
	"context"
	"slices"
	"sync"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
)

// Bounds of the memory of pending orders.
const (
	maxPending  = 100_000
	recallDepth = 50_000 // messages; of a session whose oldest pending answer lies further back nothing is read
)

// pending has the orders of which the provider knows that they are pending: it was told so, and not yet what was decided. The zero
// value has none.
type pending struct {
	mu      sync.Mutex
	answers map[string]int // by trade: its pending answers that no other answer has followed
	told    []pendingAnswer
	partial bool // there may be more
}

// pendingAnswer is a pending answer in the order of their numbers.
type pendingAnswer struct {
	number int
	trade  string
}

// note notes that a message is stored, if it is a pending answer. Numbers that begin again at 1 leave out those before: the next holder
// of the session cannot read them.
func (p *pending) note(number int, msg []byte) {
	trade := pendingOf(msg)
	if trade == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.answers == nil {
		p.answers = map[string]int{}
	}
	if len(p.answers) >= maxPending {
		p.partial = true
		return
	}
	if len(p.told) > 0 && p.told[len(p.told)-1].number >= number {
		p.told = nil
	}
	p.answers[trade]++
	p.told = append(p.told, pendingAnswer{number, trade})
}

// answered notes that one request got another answer than a pending one.
func (p *pending) answered(trade string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if n := p.answers[trade]; n > 1 {
		p.answers[trade] = n - 1
	} else {
		delete(p.answers, trade)
	}
}

// decided notes that the provider has the final answer.
func (p *pending) decided(trade string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.answers, trade)
}

// lacks reports whether the provider was certainly not told that a trade is pending.
func (p *pending) lacks(trade string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.answers[trade] == 0 && !p.partial
}

// since returns the number of the oldest pending answer that matters, or next if there is none.
func (p *pending) since(next int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	done := func(a pendingAnswer) bool { return p.answers[a.trade] == 0 }
	for len(p.told) > 0 && done(p.told[0]) {
		p.told = p.told[1:]
	}
	if len(p.told) > maxPending { // behind an old one that is still pending
		p.told = slices.DeleteFunc(p.told, done)
	}
	if len(p.told) == 0 {
		return next
	}
	return p.told[0].number
}

// Recall reads which orders are pending, as the provider knows from earlier holders of the session. Call it once the store is open,
// before the first message. Errors: those of the store.
func (e *Engine) Recall(ctx context.Context) error {
	_, generation, _ := e.store.Entry()
	_, next := e.store.Numbers()
	from := max(1, e.store.Kept.Recall())
	switch {
	case from >= next:
		return nil
	case next-from > recallDepth:
		e.pending.partial = true
		return nil
	}
	return e.store.Kept.Each(ctx, generation, from, next-1, func(number int, msg []byte) {
		e.pending.note(number, msg)
		if trade := answeredBy(msg); trade != "" {
			e.pending.answered(trade)
		}
	})
}

// answeredBy returns the trade's id of an ExecutionReport that is no pending answer; empty for any other message.
func answeredBy(msg []byte) string {
	if string(wire.Value(msg, "35=")) != "8" || string(wire.Value(msg, "39=")) == "A" {
		return ""
	}
	return string(wire.Value(msg, "37="))
}

// Untold reports whether an order is not decided yet, and the provider was not told that it is pending.
func (e *Engine) Untold(trade string) bool { return e.pending.lacks(trade) }

// follow notes what a message that was stored answers.
func (p *pending) follow(cause *store.Cause) {
	switch {
	case cause.Correlation != "":
		p.decided(cause.Correlation)
	case cause.About != "":
		p.answered(cause.About)
	}
}
