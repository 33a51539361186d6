package engine

import (
	"context"
	"errors"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

// Bounds of one step of a resend.
const (
	staleChunk = 500
	staleBound = 5 * time.Second
)

// resend sends messages again. It leaves out stale ones: a pending answer is stale once the final answer was sent, and FIX asks
// for a gap fill in its place (volume 2, Resend Request). Final answers are always sent.
type resend struct {
	from    messages
	send    func([]byte) error
	asker   *presence // the connection that has asked; nil before the first
	waiting [][]byte
}

func (r *resend) gone() bool { return r.asker != nil && r.asker.gone.Load() }

// errGone means that nobody waits for a resend any more.
var errGone = errors.New("the provider's connection has ended")

func (r *resend) add(msg []byte) error {
	if r.gone() {
		return errGone
	}
	if r.waiting = append(r.waiting, msg); len(r.waiting) < staleChunk {
		return nil
	}
	return r.flush()
}

// flush sends the messages that wait. For a stale one it passes an admin message on, which quickfix replaces by a gap fill.
func (r *resend) flush() error {
	ended := r.ended()
	for _, msg := range r.waiting {
		if r.gone() {
			return errGone
		}
		if ended[pendingOf(msg)] {
			msg = r.from.placeholder(wire.SeqNum(msg))
		}
		msg = wire.Resendable(msg)
		if err := r.send(msg); err != nil {
			return err
		}
	}
	r.waiting = r.waiting[:0]
	return nil
}

// ended returns which of the pending trades have their final answer. If Postgres does not answer, it returns none, because a
// superfluous pending answer does no harm.
func (r *resend) ended() map[string]bool {
	var open []string
	for _, msg := range r.waiting {
		if trade := pendingOf(msg); trade != "" {
			open = append(open, trade)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), staleBound)
	defer cancel()
	answers, err := r.from.store.Kept.Answers(ctx, open)
	if err != nil {
		return nil
	}
	ended := make(map[string]bool, len(answers))
	for trade := range answers {
		ended[trade] = true
	}
	return ended
}

// pendingOf returns the trade's id, OrderID(37), of a pending answer; empty for any other message.
func pendingOf(msg []byte) string {
	if string(wire.Value(msg, "35=")) != "8" || string(wire.Value(msg, "39=")) != "A" {
		return ""
	}
	return string(wire.Value(msg, "37="))
}
