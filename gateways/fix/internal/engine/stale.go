package engine

import (
	"context"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

// Bounds of what is looked at at once when messages are sent again.
const (
	staleChunk = 500
	staleBound = 5 * time.Second
)

// resend is messages on their way to be sent again. What is stale is not: a pending answer whose final answer has been sent
// since says what is no longer so, and FIX asks to fill its place (volume 2, Resend Request). Final answers always go.
type resend struct {
	from    messages
	send    func([]byte) error
	waiting [][]byte
}

func (r *resend) add(msg []byte) error {
	if r.waiting = append(r.waiting, msg); len(r.waiting) < staleChunk {
		return nil
	}
	return r.flush()
}

// flush sends what waits, and in place of what is stale a message of the session's own, whose place the engine fills.
func (r *resend) flush() error {
	ended := r.ended()
	for _, msg := range r.waiting {
		if ended[pendingOf(msg)] {
			msg = r.from.placeholder(wire.SeqNum(msg))
		}
		if err := r.send(msg); err != nil {
			return err
		}
	}
	r.waiting = r.waiting[:0]
	return nil
}

// ended is which of the pending trades have their final answer. Where that can not be found out all of them are pending: a
// pending answer too many does no harm.
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

// pendingOf is the trade, OrderID(37), of a pending answer; empty for any other message.
func pendingOf(msg []byte) string {
	if string(wire.Value(msg, "35=")) != "8" || string(wire.Value(msg, "39=")) != "A" {
		return ""
	}
	return string(wire.Value(msg, "37="))
}
