package front

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// inward passes the provider's messages on to the engine. It passes nothing after the Logon until the engine has accepted it:
// quickfix stops reading once it has refused a Logon, and a goroutine of its own would wait for ever with the next message.
func (r *relay) inward(ctx context.Context, logon []byte) error {
	batch := slices.Clone(r.numbered(logon))
	if err := r.forward(&batch); err != nil {
		return err
	}
	if !r.accepted(ctx) {
		return r.lastWords(ctx, &batch)
	}
	return r.follow(ctx, append(batch, askedFor(r.session.Provider(), logon)...))
}

// accepted waits for the engine's first message, and reports whether it is a Logon. It returns false if outward ends first.
func (r *relay) accepted(gone context.Context) bool {
	select {
	case logon := <-r.reply:
		return logon
	case <-gone.Done():
		return false
	}
}

// follow passes on what comes after the Logon. The batch goes first.
func (r *relay) follow(ctx context.Context, batch []byte) error {
	var pace *door.Throttle
	var limit door.Rate
	for {
		if now := r.session.Provider().Throttle; pace == nil || now != limit { // Update may have changed it
			pace, limit = door.NewThrottle(now), now
		}
		for {
			if why := r.visitor.ending.Load(); why != nil {
				batch = append(batch, r.end(why.Error())...)
				return r.lastWords(ctx, &batch)
			}
			piece, ok := r.cutter.Next()
			if !ok {
				break
			}
			r.begun = time.Time{}
			batch = r.pass(batch, piece)
			if r.over {
				return r.lastWords(ctx, &batch)
			}
			if wait := pace.Take(1, time.Now()); wait > 0 {
				if err := r.forward(&batch); err != nil {
					return err
				}
				door.Sleep(ctx, wait) // one by one: after a batch and a pause the engine would take the provider for silent
			}
		}
		if err := r.forward(&batch); err != nil {
			return err
		}
		if err := r.read(ctx); err != nil {
			return err
		}
	}
}

// lastWords lets the engine end the session with its reason. It ignores everything that the provider still sends.
func (r *relay) lastWords(gone context.Context, batch *[]byte) error {
	if err := r.forward(batch); err != nil {
		return err
	}
	if err := r.conn.SetReadDeadline(time.Now().Add(2 * r.front.cfg.StorePatience)); err != nil || gone.Err() != nil {
		return errEnded
	}
	_, _ = io.Copy(io.Discard, r.conn) // until outward has ended
	return errEnded
}

func (r *relay) forward(batch *[]byte) error {
	err := door.Write(r.engine, *batch, engineBound)
	*batch = (*batch)[:0]
	if err != nil {
		return errEnded
	}
	return nil
}

// read reads once. A message that has begun must be complete within MessageTimeout. Between messages it does not limit the
// wait, because the engine does.
func (r *relay) read(gone context.Context) error {
	var deadline time.Time
	if r.cutter.Partial() {
		if r.begun.IsZero() {
			r.begun = time.Now()
		}
		deadline = r.begun.Add(r.front.cfg.MessageTimeout)
	}
	if err := r.conn.SetReadDeadline(deadline); err != nil {
		return fmt.Errorf("read: %w", err)
	}
	if gone.Err() != nil {
		return errEnded
	}
	if r.visitor.ends() {
		return nil
	}
	_, err := r.cutter.Fill(r.conn)
	if r.visitor.ends() {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read: %w", err)
	}
	return nil
}

// pass appends to a batch what the engine gets for a piece.
func (r *relay) pass(batch []byte, piece wire.Piece) []byte {
	switch piece.Kind {
	case wire.Whole:
		if instead := r.session.Refused(piece.Bytes, piece); instead != nil {
			return append(batch, r.numbered(instead)...)
		}
		return append(batch, r.numbered(r.sound(piece.Bytes))...)
	case wire.TooLong:
		header := wire.HeaderOnly(piece.Bytes)
		if header == nil {
			break
		}
		r.front.counts.TooLong(1)
		if instead := r.session.Refused(header, piece); instead != nil {
			return append(batch, r.numbered(instead)...)
		}
		if unanswered(header) {
			return append(batch, r.numbered(r.sound(header))...)
		}
		why := fmt.Sprintf("message of %d bytes is longer than %d bytes", piece.Size, r.front.cfg.MaxMessage)
		r.session.Refuse(wire.SeqNum(header), wire.Fault{Reason: wire.ReasonOther, Text: why})
		return append(batch, r.numbered(header)...)
	case wire.Garbled:
	}
	r.front.counts.Garbled(1)
	if r.garbled++; r.garbled%garbledLog == 1 {
		r.front.Say(r.visitor.Name(), func(log *slog.Logger) { log.Warn("garbled message ignored", "garbled", r.garbled) })
	}
	return batch
}

// unanswered reports whether a message is never refused: a Reject, a Logout, a BusinessMessageReject.
func unanswered(msg []byte) bool {
	switch string(wire.Value(msg, "35=")) {
	case "3", "5", "j":
		return true
	}
	return false
}

// sound returns a message as the engine must get it. Of a message that must be refused it returns only the header, and the
// engine refuses it. For a message without a number it returns one that ends the session, because the numbers can no
// longer be trusted.
func (r *relay) sound(msg []byte) []byte {
	if string(wire.Value(msg, "35=")) == "A" {
		if _, refusal := r.session.Logon(msg); refusal != "" {
			return r.end(refusal)
		}
	}
	forEngine, fault := r.session.Read(msg)
	if fault == nil && (wire.SeqNum(msg) != 0 || resets(msg)) {
		return forEngine
	}
	header := wire.HeaderOnly(msg)
	if fault == nil || header == nil {
		return unnumbered(r.session.Provider())
	}
	r.session.Refuse(wire.SeqNum(header), *fault)
	return header
}

// resets reports whether a message is a SequenceReset-Reset. Its MsgSeqNum(34) is ignored, but it must be a number.
func resets(msg []byte) bool {
	_, wrong := strconv.Atoi(string(wire.Value(msg, "34=")))
	return string(wire.Value(msg, "35=")) == "4" && string(wire.Value(msg, "123=")) != "Y" && wrong == nil
}

// numbered returns a message unchanged. If the message exceeds a bound of gap, it returns one that ends the session.
func (r *relay) numbered(msg []byte) []byte {
	seq := wire.SeqNum(msg)
	if seq == 0 || resets(msg) {
		return msg
	}
	if why := r.gap.passes(seq, len(msg), r.session.Due); why != "" {
		r.front.Say(r.visitor.Name(), func(log *slog.Logger) {
			log.Warn("provider leaves a gap open: its session ends", "event.reason", why)
		})
		return r.end(why)
	}
	return msg
}

// end returns a message that ends the session with a reason.
func (r *relay) end(why string) []byte {
	r.session.End(why)
	r.over = true
	return unnumbered(r.session.Provider())
}

// askedFor returns the ResendRequest that stands behind NextExpectedMsgSeqNum(789) of a Logon, see Session.Logon; nil if the
// Logon has none.
func askedFor(p provider.Provider, logon []byte) []byte {
	first := wire.Value(logon, "789=")
	if first == nil {
		return nil
	}
	now := time.Now().UTC().Format(sendingTime)
	body := wire.AppendField(nil, 35, "2")
	body = wire.AppendField(body, 34, string(wire.Value(logon, "34=")))
	body = wire.AppendField(body, 43, "Y")
	body = wire.AppendField(body, 49, p.CompID)
	body = wire.AppendField(body, 52, now)
	body = wire.AppendField(body, 56, p.OurCompID)
	body = wire.AppendField(body, 122, now)
	body = wire.AppendField(body, 7, string(first))
	return wire.Build(p.BeginString, wire.AppendField(body, 16, "0"))
}

// unnumbered returns a Heartbeat with number 0. That number is always too low, so the engine ends the session.
func unnumbered(p provider.Provider) []byte {
	body := wire.AppendField(nil, 35, "0")
	body = wire.AppendField(body, 34, "0")
	body = wire.AppendField(body, 49, p.CompID)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	return wire.Build(p.BeginString, wire.AppendField(body, 56, p.OurCompID))
}
