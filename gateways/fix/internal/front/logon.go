package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/pires/go-proxyproto"

	"fxcore/gateways/fix/internal/wire"
)

// visitor is a connection on its way to a session.
type visitor struct {
	guest   *guest
	conn    net.Conn
	address netip.Addr
	shown   string // common name of its client certificate
	cutter  *wire.Cutter
	logon   []byte
	refused bool // the engine is to refuse the logon
}

// handle brings a connection to its session, if it has one, and serves it until it ends.
func (f *Front) handle(ctx context.Context, raw net.Conn, config *tls.Config) {
	defer func() { _ = raw.Close() }()
	v := &visitor{guest: f.lobby.enter(raw), conn: raw}
	defer v.guest.leave()
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
	v.guest.leave()
	f.serve(ctx, v, session, engine)
}

// admit does all that comes before the engine sees the logon.
func (f *Front) admit(ctx context.Context, v *visitor, config *tls.Config) (Session, net.Conn, error) {
	if err := f.meet(v); err != nil {
		return nil, nil, err
	}
	if err := v.secure(ctx, config); err != nil {
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

// meet finds out where the connection comes from.
func (f *Front) meet(v *visitor) error {
	from, err := netip.ParseAddrPort(v.conn.RemoteAddr().String())
	if err != nil {
		return fmt.Errorf("remote address: %w", err)
	}
	v.address = from.Addr().Unmap()
	inside := func(p netip.Prefix) bool { return p.Contains(v.address) }
	if slices.ContainsFunc(f.cfg.ProxyFrom, inside) {
		proxied := proxyproto.NewConn(v.conn, proxyproto.WithPolicy(proxyproto.REQUIRE))
		if header := proxied.ProxyHeader(); header == nil {
			return errors.New("no PROXY protocol header from a proxy")
		}
		from, err := netip.ParseAddrPort(proxied.RemoteAddr().String())
		if err != nil {
			return fmt.Errorf("proxied address: %w", err)
		}
		v.conn, v.address = proxied, from.Addr().Unmap()
	}
	v.guest.comesFrom(v.address)
	return nil
}

// secure does the TLS handshake.
func (v *visitor) secure(ctx context.Context, config *tls.Config) error {
	if config == nil {
		return nil
	}
	secured := tls.Server(v.conn, config)
	if err := secured.HandshakeContext(ctx); err != nil {
		return fmt.Errorf("TLS: %w", err)
	}
	if shown := secured.ConnectionState().PeerCertificates; len(shown) > 0 {
		v.shown = shown[0].Subject.CommonName
	}
	v.conn = secured
	return nil
}

// readLogon reads the first message. Anything but a Logon(35=A) ends the connection without a word: whoever sends it
// has no session in which to answer.
func (f *Front) readLogon(v *visitor) error {
	v.cutter = wire.NewCutter(f.cfg.MaxMessage)
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
				return nil
			}
		}
		if _, err := v.cutter.Fill(v.conn); err != nil {
			return fmt.Errorf("no logon: %w", err)
		}
	}
}
