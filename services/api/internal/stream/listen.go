package stream

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Writer takes the stream's events. An error ends the stream.
type Writer func(event []byte) error

// Listener is one stream.
type Listener struct {
	User  string                          // of a user, one stream at a time reads what it has missed
	Group Group                           // whose trades it may see
	Alive func(ctx context.Context) error // fails once the caller may not listen any more; it is asked each second
	Write Writer

	hub   *Hub
	life  int // of the hub, for which at counts
	at    Position
	asked time.Time // when Alive was asked
}

// beat is the time between two ticks, by which a listener knows that the stream is alive.
const beat = time.Second

// errReset ends a stream whose position does not count here, or not any more.
var errReset = errors.New("unknown position")

// Listen writes what changes from a position on, until ctx ends, the listener may not listen any more or cannot be written to. A
// zero position is now. If the position does not count in this read model, or the read model becomes another one, the stream's last event
// is reset.
func (h *Hub) Listen(ctx context.Context, l Listener, from Position) error {
	leave, err := h.join(ctx)
	defer leave()
	if err != nil {
		return err
	}
	l.hub, l.asked = h, time.Now()
	if err = l.serve(ctx, from); errors.Is(err, errReset) {
		return l.Write([]byte("event: reset\ndata: {}\n\n"))
	}
	return err
}

func (l *Listener) serve(ctx context.Context, from Position) error {
	if err := l.start(ctx, from); err != nil {
		return err
	}
	if err := l.Write([]byte(": hello\n\n")); err != nil {
		return err
	}
	return l.run(ctx)
}

// start checks the position. One that is ahead of this replica is good: another replica gave it.
func (l *Listener) start(ctx context.Context, from Position) error {
	l.life = l.hub.lives()
	epoch, upTo, err := l.hub.Source.Horizon(ctx)
	switch {
	case err != nil:
		return err
	case from == Position{}:
		from = Position{epoch, upTo}
	case from.Epoch != epoch || from.At > upTo:
		return errReset
	}
	l.at = from
	return nil
}

func (l *Listener) run(ctx context.Context) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for {
		moved := l.hub.movement()
		if err := l.catchUp(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-moved:
		case <-tick.C:
			if err := l.tick(ctx); err != nil {
				return err
			}
		}
	}
}

// lives returns how many read models the hub has met.
func (h *Hub) lives() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.life
}

// movement returns a channel that is closed when the hub moves.
func (h *Hub) movement() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.moved
}

func (l *Listener) tick(ctx context.Context) error {
	if err := l.alive(ctx); err != nil {
		return err
	}
	return l.Write([]byte("id: " + l.at.String() + "\nevent: tick\ndata: {}\n\n"))
}

// alive asks whether the caller may still listen.
func (l *Listener) alive(ctx context.Context) error {
	l.asked = time.Now()
	return l.Alive(ctx)
}

// after returns the frames from a position on and where the last one ends. kept is false if the hub does not have exactly what
// changed from there on: the table has.
func (h *Hub) after(at uint64) (frames []*Frame, upTo uint64, kept bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i := len(h.frames)
	for i > 0 && h.frames[i-1].From >= at {
		i--
	}
	straddled := i > 0 && h.frames[i-1].To > at
	return slices.Clone(h.frames[i:]), h.at, at >= h.since && !straddled
}
