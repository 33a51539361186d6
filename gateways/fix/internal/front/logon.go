package front

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/pires/go-proxyproto"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
)

// identity is what a session is known by, as in the provider's messages: BeginString(8), SenderCompID(49),
// TargetCompID(56).
type identity struct{ beginString, sender, target string }

// refusedText is the same whatever was wrong: it must not tell a stranger what was right.
const refusedText = "logon refused: unknown session, user or password"

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
	session, refusal, err := f.recognise(ctx, v)
	if err != nil {
		return nil, nil, err
	}
	v.refused = refusal != ""
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

// recognise finds the session and checks the credentials. A wrong one is for the engine to refuse, in a message that
// counts, since both sides count it; where there is no session to count in, the answer is the same, with number 1.
func (f *Front) recognise(ctx context.Context, v *visitor) (s Session, refusal string, err error) {
	id, user, password := readIdentity(v.logon)
	s, known := f.sessions[id]
	var p *provider.Provider
	if known {
		facts := s.Provider()
		p = &facts
		if err := v.mayBe(facts); err != nil {
			return nil, "", err
		}
	}
	right, err := f.credentials.Check(ctx, p, user, password)
	switch {
	case err != nil:
		return nil, "", err
	case right:
		return s, "", nil
	}
	tell(f.counts.Refused, 1)
	f.noteStranger(v, fmt.Errorf("%s, for %s to %s over %s", refusedText, printable(id.sender), printable(id.target), printable(id.beginString)))
	if !known {
		_ = v.conn.SetWriteDeadline(time.Now().Add(f.cfg.WriteTimeout))
		_, _ = v.conn.Write(logout(id, refusedText)) // it may have gone
		linger(v.conn)
		return nil, "", errors.New("no such session")
	}
	v.logon = stand(id, p.DefaultApplVerID)
	return s, refusedText, nil
}

// stand is what the engine sees in place of the logon of a stranger, so that nothing of theirs reaches it.
func stand(in identity, applVerID string) []byte {
	body := wire.AppendField(nil, 35, "A")
	body = wire.AppendField(body, 34, "1")
	body = wire.AppendField(body, 49, in.sender)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	body = wire.AppendField(body, 56, in.target)
	body = append(body, "98=0\x01108=30\x01553=-\x01554=-\x01"...)
	if applVerID != "" {
		body = wire.AppendField(body, 1137, applVerID)
	}
	return wire.Build(in.beginString, body)
}

const sendingTime = "20060102-15:04:05.000"

func readIdentity(logon []byte) (id identity, user, password string) {
	for tag, value := range wire.Fields(logon) {
		switch tag {
		case 8:
			id.beginString = string(value)
		case 49:
			id.sender = string(value)
		case 56:
			id.target = string(value)
		case 553:
			user = string(value)
		case 554:
			password = string(value)
		}
	}
	return id, user, password
}

// mayBe checks what the network tells: address and certificate.
func (v *visitor) mayBe(p provider.Provider) error {
	if !p.Allows(v.address) {
		return fmt.Errorf("%s may not come from %s", p.ID, v.address)
	}
	if p.Certificate != "" && p.Certificate != v.shown {
		return fmt.Errorf("%s must show the certificate of %s, not %q", p.ID, p.Certificate, v.shown)
	}
	return nil
}

// logout is the answer to a logon for a session that does not exist.
func logout(to identity, text string) []byte {
	body := wire.AppendField(nil, 35, "5")
	body = wire.AppendField(body, 34, "1")
	body = wire.AppendField(body, 49, to.target)
	body = wire.AppendField(body, 52, time.Now().UTC().Format(sendingTime))
	body = wire.AppendField(body, 56, to.sender)
	return wire.Build(to.beginString, wire.AppendField(body, 58, text))
}

// noteStranger logs why a connection came to nothing, but never so often that strangers can fill the log.
func (f *Front) noteStranger(v *visitor, why error) {
	f.noiseMu.Lock()
	loud := f.noise.allow(time.Now())
	f.noiseMu.Unlock()
	if loud {
		f.log.Info("connection refused", "client.ip", v.address.String(), "event.reason", wire.Masked(why.Error()))
	}
}

// printable bounds what a stranger can put into the log.
func printable(text string) string {
	const most = 64
	return strings.ToValidUTF8(text[:min(len(text), most)], "?")
}

func tell(count func(int), n int) {
	if count != nil {
		count(n)
	}
}
