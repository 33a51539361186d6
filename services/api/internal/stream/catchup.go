package stream

import (
	"context"
	"time"
)

// catchUp writes everything up to where the hub is. What the hub does not hold is read from the table, by one stream of a user at a time:
// another one of the same user goes on later. Error: errReset, if the position is not one of the hub's read model, or too much was missed.
func (l *Listener) catchUp(ctx context.Context) error {
	missed, reads := 0, false
	defer func() {
		if reads {
			l.hub.caughtUp(l.User)
		}
	}()
	for {
		frames, upTo, kept := l.hub.after(l.at.At)
		if l.hub.lives() != l.life {
			return errReset // asked after the frames: they are of this life
		}
		if upTo <= l.at.At {
			return nil
		}
		if !kept {
			if reads = reads || l.hub.mayCatchUp(l.User); !reads {
				return nil
			}
			if missed > MostMissed {
				return errReset
			}
			frame, err := l.read(ctx, upTo)
			if err != nil {
				return err
			}
			frames, upTo, missed = []*Frame{frame}, frame.To, missed+len(frame.trades)
		}
		if err := l.writeAll(ctx, frames); err != nil {
			return err
		}
		l.at.At = upTo
	}
}

// read returns what the listener has missed, or the first part of it.
func (l *Listener) read(ctx context.Context, upTo uint64) (*Frame, error) {
	trades, reached, err := l.hub.Source.Changes(ctx, l.at.At, upTo, mostRows)
	return &Frame{From: l.at.At, To: reached, At: l.hub.Clock(), trades: trades}, err
}

// writeAll writes frames, for as long as the caller may listen.
func (l *Listener) writeAll(ctx context.Context, frames []*Frame) error {
	for _, f := range frames {
		if time.Since(l.asked) >= beat {
			if err := l.alive(ctx); err != nil {
				return err
			}
		}
		if text := f.event(l.at.Epoch, l.Group); text != nil {
			if err := l.Write(text); err != nil {
				return err
			}
		}
	}
	return nil
}

// mayCatchUp notes that a stream of the user catches up, unless another one does. caughtUp must follow.
func (h *Hub) mayCatchUp(user string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.behind[user] {
		return false
	}
	h.behind[user] = true
	return true
}

func (h *Hub) caughtUp(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.behind, user)
}
