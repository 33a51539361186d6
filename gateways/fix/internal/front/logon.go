package front

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// visitor is a connection on its way to a session.
type visitor struct {
	guest   *door.Guest
	conn    net.Conn
	address netip.Addr
	shown   string // common name of its client certificate
	cutter  *wire.Cutter
	logon   []byte
	refused bool // the engine is to refuse the logon
}

// handle brings a connection to its session, if it has one, and serves it until it ends.
func (f *Front) handle(ctx context.Context, raw net.Conn, guest *door.Guest, config *tls.Config) {
	defer func() { _ = raw.Close() }()
	v := &visitor{guest: guest, conn: raw}
	defer v.guest.Leave()
	bounded, cancel := context.WithTimeout(ctx, f.cfg.LogonTimeout)
	defer cancel()
	stop := context.AfterFunc(bounded, func() { _ = raw.Close() })
	defer stop()
	session, engine, err := f.admit(bounded, v, config)
	if err != nil {
		f.noteStranger(v, err)
		return
	}
	defer func() { _ = engine.Close() }()
	if !stop() {
		return // too late: it is closed
	}
	v.guest.Leave()
	f.serve(ctx, v, session, engine)
}

// admit does all that comes before the engine sees the logon.
func (f *Front) admit(ctx context.Context, v *visitor, config *tls.Config) (Session, net.Conn, error) {
	if err := f.meet(ctx, v, config); err != nil {
		return nil, nil, err
	}
	if err := f.readLogon(v); err != nil {
		return nil, nil, err
	}
	seat, refusal, err := f.recognise(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	v.refused = refusal != ""
	session, err := seat.Session()
	if err != nil {
		return nil, nil, err // without a word: here is no session in which to answer, and the provider tries the next address
	}
	engine, err := session.Dial(ctx, refusal)
	return session, engine, err
}

// meet finds out who comes: by what a proxy says, or by our own TLS.
func (f *Front) meet(ctx context.Context, v *visitor, config *tls.Config) error {
	caller, err := f.cfg.ProxyFrom.Identify(v.conn)
	if err != nil {
		return err
	}
	v.address = caller.Address // also if it comes no further: for the log
	v.guest.ComesFrom(caller.Address)
	if config != nil {
		if caller, err = caller.Secure(ctx, config); err != nil {
			return err
		}
	}
	v.conn, v.shown = caller.Conn, caller.Certificate
	return nil
}

// maxLogon is how long a Logon may be: what strangers send is kept in memory.
const maxLogon = 4 << 10 // bytes

// readLogon reads the first message. Anything but a Logon(35=A) ends the connection without a word: whoever sends it
// has no session in which to answer.
func (f *Front) readLogon(v *visitor) error {
	v.cutter = wire.NewCutter(min(f.cfg.MaxMessage, maxLogon))
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
				v.cutter.Allow(f.cfg.MaxMessage)
				return nil
			}
		}
		if _, err := v.cutter.Fill(v.conn); err != nil {
			return fmt.Errorf("no logon: %w", err)
		}
	}
}
