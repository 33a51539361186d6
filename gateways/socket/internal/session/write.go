package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/store"
	"fxcore/gateways/socket/internal/soup"
)

const (
	silence   = time.Second // after it we send a heartbeat (SoupBinTCP 3.00, section 1)
	batchSize = 64 << 10    // bytes of one write
)

// Packets without a payload.
var (
	heartbeat    = []byte{0, 1, byte(soup.TypeServerHeartbeat)}
	endOfSession = []byte{0, 1, byte(soup.TypeEndOfSession)}
)

// write sends the durable messages from the connection's place on, and heartbeats in between. At the end it sends those that
// are left. A provider that does not read them is disconnected and continues with its next login, so its messages do not
// fill the memory.
func (v *visit) write() error {
	if v.place.last != 0 {
		return v.writeEnded()
	}
	for next := v.place.next; ; {
		last, err := v.await(next)
		if err != nil {
			return err
		}
		if next, err = v.tell(next, last); err != nil {
			return err
		}
	}
}

// writeEnded sends the rest of a session that has ended.
func (v *visit) writeEnded() error {
	for next := v.place.next; next <= v.place.last; {
		var err error
		if next, err = v.tell(next, v.place.last); err != nil {
			return err
		}
	}
	if err := v.let(endOfSession); err != nil {
		return err
	}
	return errNoMore
}

// await waits for a durable message with number next or higher. It returns the number of the last durable message.
func (v *visit) await(next int) (last int, err error) {
	for {
		bounded, cancel := context.WithTimeout(v.ctx, silence)
		last, err = v.session.Store.Out.WaitStored(bounded, next)
		cancel()
		switch {
		case err == nil || errors.Is(err, store.ErrFenced):
			return last, err
		case v.ctx.Err() != nil:
			return 0, context.Cause(v.ctx)
		}
		if err := v.let(heartbeat); err != nil {
			return 0, err
		}
	}
}

// tell writes messages from next to last, at most one batch. It returns the number after the last one that it wrote.
func (v *visit) tell(next, last int) (int, error) {
	sent, err := v.messages(next, last)
	if err != nil {
		return next, err
	}
	if len(sent) == 0 || sent[0].Seq != next {
		return next, fmt.Errorf("message %d is no longer kept", next)
	}
	var batch []byte
	for _, m := range sent {
		if m.Seq != next {
			return next, fmt.Errorf("message %d is missing", next)
		}
		if batch, err = soup.Append(batch, soup.TypeSequenced, m.Body); err != nil {
			return next, err
		}
		if next++; len(batch) >= batchSize {
			break
		}
	}
	return next, v.let(batch)
}

func (v *visit) messages(next, last int) ([]store.Sent, error) {
	if v.place.last == 0 {
		if cached := v.session.recent.from(next, last); len(cached) > 0 {
			return cached, nil
		}
	}
	return v.session.Store.Kept.Stored(context.WithoutCancel(v.ctx), v.place.generation, next, last) // without ctx's end: the last messages are sent after it
}

// bidFarewell tells a provider why its session stops, in a text for a person. A program simply logs in again.
func (v *visit) bidFarewell(why error) {
	text := v.session.farewellFor(why)
	if text == "" {
		return
	}
	if packet, err := soup.Append(nil, soup.TypeDebug, []byte(text)); err == nil {
		_ = v.let(packet)
	}
}

// farewellFor returns the text for a provider whose connection ends; empty if there is none.
func (s *Session) farewellFor(why error) string {
	if ended, expelled := errors.AsType[door.Ended](why); expelled {
		return string(ended)
	}
	if !errors.Is(why, errStopping) {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.farewell
}

func (v *visit) let(packets []byte) error {
	return door.Write(v.conn, packets, v.session.shared.WriteTimeout)
}
