package front

import (
	"context"
	"fmt"
	"net"
	"slices"
	"sync/atomic"
	"time"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// visitor is a connection before its logon is complete.
type visitor struct {
	door.Visitor

	front   *Front
	cutter  *wire.Cutter
	logon   []byte
	fault   string // why the logon cannot be read
	refused bool   // the engine must refuse the logon
	seat    *Seat
	proof   door.Proof
	session Session
	engine  net.Conn
	ending  atomic.Pointer[door.Ended] // why the rules do not admit the connection any more
}

// logons is the front's door.Protocol.
type logons struct{ *Front }

// Admit reads the logon, finds the session, and connects to its engine.
func (l logons) Admit(ctx context.Context, who door.Visitor) (door.Admitted, error) {
	v := &visitor{Visitor: who, front: l.Front}
	if err := v.readLogon(); err != nil {
		return nil, err
	}
	seat, refusal, err := v.recognise(ctx)
	if err != nil {
		return nil, err
	}
	if v.session, err = seat.Session(); err != nil {
		return nil, err // without an answer: the session is elsewhere, and the provider tries the next address
	}
	refusal = v.check(seat.Provider(), refusal)
	v.refused = refusal != ""
	v.engine, err = v.session.Dial(ctx, refusal)
	return v, err
}

// check reads the logon for the engine, unless it is refused already. It returns the reason to refuse it. A provider that has
// proven who it is always learns the reason.
func (v *visitor) check(p provider.Provider, refusal string) string {
	if refusal == "" {
		if refusal = v.read(); refusal == "" {
			return ""
		}
		logons{v.front}.Refuse(v.Visitor, fmt.Errorf("%s, for %s", refusal, p.ID))
		v.front.counts.Refused(1)
	}
	v.logon = stand(p)
	return refusal
}

func (v *visitor) read() (refusal string) {
	if v.fault != "" {
		return v.fault
	}
	logon, refusal := v.session.Logon(v.logon)
	if refusal == "" {
		v.logon = logon
	}
	return refusal
}

// Refuse logs why a connection was refused.
func (l logons) Refuse(v door.Visitor, why error) {
	l.Strangers.Note(v.Caller.Address, wire.Masked(why.Error()))
}

// Close frees the session.
func (v *visitor) Close() error { return v.engine.Close() }

// Name is the provider's id.
func (v *visitor) Name() string { return v.seat.Name() }

// Keeps returns nil while the present rules would admit the connection.
func (v *visitor) Keeps() error { return v.proof.Holds(v.seat.Provider()) }

// End makes the engine log the provider out with the reason. Nothing more of the provider is passed on.
func (v *visitor) End(why door.Ended) {
	v.ending.Store(&why)
	_ = v.Caller.Conn.SetReadDeadline(time.Now()) // inward checks ending after it has set its own deadline
}

// ends reports whether the rules do not admit the connection any more.
func (v *visitor) ends() bool { return v.ending.Load() != nil }

// maxLogon is the longest Logon. It is small, because it is kept in memory for strangers, too.
const maxLogon = 4 << 10 // bytes

// readLogon reads the first message. Any message but a Logon(35=A) ends the connection without an answer, because there is no
// session yet in which to answer.
func (v *visitor) readLogon() error {
	v.cutter = wire.NewCutter(min(v.front.cfg.MaxMessage, maxLogon))
	for {
		for {
			piece, ok := v.cutter.Next()
			if !ok {
				break
			}
			switch {
			case piece.Kind == wire.Garbled:
			case string(wire.Value(piece.Bytes, "35=")) != "A":
				return fmt.Errorf("first message is not a Logon but 35=%s", door.Printable(string(wire.Value(piece.Bytes, "35="))))
			default:
				if piece.Kind == wire.TooLong {
					v.fault = fmt.Sprintf("logon refused: it has %d bytes, and may have %d", piece.Size, maxLogon)
				}
				v.logon = slices.Clone(piece.Bytes)
				v.cutter.Allow(v.front.cfg.MaxMessage)
				return nil
			}
		}
		if _, err := v.cutter.Fill(v.Caller.Conn); err != nil {
			return fmt.Errorf("no logon: %w", err)
		}
	}
}
