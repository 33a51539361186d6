package front

import (
	"context"
	"fmt"
	"net"
	"slices"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// visitor is a connection on its way to a session.
type visitor struct {
	door.Visitor

	front   *Front
	cutter  *wire.Cutter
	logon   []byte
	refused bool // the engine is to refuse the logon
	session Session
	engine  net.Conn
}

// logons is how the front's visitors log on: the entrance's protocol.
type logons struct{ *Front }

// Admit does all that comes before the engine sees the logon.
func (l logons) Admit(ctx context.Context, who door.Visitor) (door.Admitted, error) {
	v := &visitor{Visitor: who, front: l.Front}
	if err := v.readLogon(); err != nil {
		return nil, err
	}
	seat, refusal, err := v.recognise(ctx)
	if err != nil {
		return nil, err
	}
	v.refused = refusal != ""
	if v.session, err = seat.Session(); err != nil {
		return nil, err // without a word: here is no session in which to answer, and the provider tries the next address
	}
	v.engine, err = v.session.Dial(ctx, refusal)
	return v, err
}

// Refuse logs why a connection comes to nothing.
func (l logons) Refuse(v door.Visitor, why error) {
	l.Strangers.Note(v.Caller.Address, wire.Masked(why.Error()))
}

// Close frees the session.
func (v *visitor) Close() error { return v.engine.Close() }

// maxLogon is how long a Logon may be: what strangers send is kept in memory.
const maxLogon = 4 << 10 // bytes

// readLogon reads the first message. Anything but a Logon(35=A) ends the connection without a word: whoever sends it
// has no session in which to answer.
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
			case piece.Kind == wire.TooLong:
				return fmt.Errorf("first message has %d bytes", piece.Size)
			case string(wire.Value(piece.Bytes, "35=")) != "A":
				return fmt.Errorf("first message is not a Logon but 35=%s", wire.Value(piece.Bytes, "35="))
			case wire.Check(piece.Bytes) != nil:
				return fmt.Errorf("first message cannot be read: %s", wire.Check(piece.Bytes).Text)
			default:
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
