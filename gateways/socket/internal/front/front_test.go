package front_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/seat"
	"fxcore/gateways/socket/internal/front"
	"fxcore/gateways/socket/internal/provider"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/lambda/testkit"
)

// cheap is "secret" hashed at the lowest cost.
const cheap = "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$vk+JgWgZGbXHtEqPQPhzXbD+QxxkJR5Fq2AXLhDyYaY"

const patience = 20 * time.Second

func alpha() provider.Provider {
	return provider.Provider{Account: providerfile.Account{ID: "ALPHA", User: "alpha", PasswordHash: cheap, PlainText: true}, Session: 1}
}

// hall is a session that notes who is let in, and ends the connection.
type hall struct {
	seat.Session[provider.Provider] // what the front does not use

	came chan soup.Login
}

func (hall) Prepare(context.Context) error     { return nil }
func (hall) Open(context.Context, int64) error { return nil }
func (hall) Start(context.Context) error       { return nil }
func (hall) Stop(context.Context) error        { return nil }

func (h hall) Serve(_ context.Context, _ net.Conn, reader *soup.Reader, login soup.Login) error {
	h.came <- login
	if _, err := reader.Next(); err != nil { // what follows the login is the session's
		return err
	}
	return errors.New("said something")
}

// house is a front with its providers, and one session for all of them.
type house struct {
	t       *testing.T
	front   *front.Front
	address string
	refused atomic.Int64
	came    chan soup.Login
}

// build opens a front with a seat for each provider. Those named in served are served here.
func build(t *testing.T, timeout time.Duration, served string, providers ...provider.Provider) *house {
	t.Helper()
	h := &house{t: t, came: make(chan soup.Login, 9)}
	cfg := front.Config{
		Config: door.Config{ListenTLS: door.None, WriteTimeout: patience, MaxWaiting: 10, MaxWaitingEach: 10, Checks: 1},
		Listen: "127.0.0.1:0", LoginTimeout: timeout,
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	var err error
	if h.front, err = front.New(cfg, func(n int) { h.refused.Add(int64(n)) }, testkit.Log(t)); err != nil {
		t.Fatal(err)
	}
	var seats []*front.Seat
	for _, p := range providers {
		s := seat.New(p, func(provider.Provider) front.Session { return hall{came: h.came} })
		if p.ID == served {
			s.Fill(t.Context(), 1, testkit.Log(t))
		}
		seats = append(seats, s)
	}
	h.front.Admit(seats)
	opened := make(chan net.Addr, 1)
	testkit.Background(t, func(ctx context.Context) error {
		return h.front.Serve(ctx, func(plain, _ net.Addr) { opened <- plain })
	})
	h.address = (<-opened).String()
	return h
}

// says connects, sends bytes, and returns the front's first packet. It returns an error if the connection ends without one.
func (h *house) says(bytes []byte) (soup.Packet, error) {
	h.t.Helper()
	conn, err := new(net.Dialer).DialContext(h.t.Context(), "tcp", h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := errors.Join(conn.SetDeadline(time.Now().Add(patience)), func() error { _, err := conn.Write(bytes); return err }()); err != nil {
		h.t.Fatal(err)
	}
	return soup.NewReader(conn, soup.Server, soup.LoginLimit).Next()
}

func login(t *testing.T, user, password string) []byte {
	t.Helper()
	bytes, err := soup.Login{Username: user, Password: password, Session: "S1", Next: 7}.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return bytes
}

func (h *house) expectRefusal(what string, bytes []byte, want soup.Reason) {
	h.t.Helper()
	before := h.refused.Load()
	p, err := h.says(bytes)
	if err != nil || p.Type != soup.TypeLoginRejected || string(p.Payload) != string(rune(want)) {
		h.t.Errorf("%s: packet %q %q, %v; want the refusal %q", what, p.Type, p.Payload, err, want)
	}
	if n := h.refused.Load() - before; n != 1 {
		h.t.Errorf("%s: %d refusals were counted", what, n)
	}
}

// A right login is handed to the session as it came. Texts for a person may go before it.
func TestARightLoginReachesItsSession(t *testing.T) {
	h := build(t, patience, "ALPHA", alpha())
	chatter, err := soup.Append(nil, soup.TypeDebug, []byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	more, err := soup.Append(nil, soup.TypeClientHeartbeat, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = h.says(append(append(chatter, login(t, "alpha", "secret")...), more...))
	select {
	case got := <-h.came:
		if got.Username != "alpha" || got.Session != "S1" || got.Next != 7 {
			t.Errorf("%+v", got)
		}
	case <-time.After(patience):
		t.Fatal("the session was not reached")
	}
	if n := h.refused.Load(); n != 0 {
		t.Errorf("%d refusals were counted", n)
	}
}

// Every wrong login gets the same answer. A session that another instance serves has another one.
func TestAWrongLoginIsRefused(t *testing.T) {
	far, cert, other := alpha(), alpha(), alpha()
	far.ID, far.User, far.Addresses = "FAR", "far", providerfile.Networks{netip.MustParsePrefix("192.0.2.0/24")}
	cert.ID, cert.User, cert.Certificate = "CERT", "cert", "cert.example"
	other.ID, other.User = "OTHER", "other"
	h := build(t, patience, "ALPHA", alpha(), far, cert, other)
	h.expectRefusal("a wrong password", login(t, "alpha", "wrong"), soup.NotAuthorised)
	h.expectRefusal("an unknown user", login(t, "nobody", "secret"), soup.NotAuthorised)
	h.expectRefusal("another address", login(t, "far", "secret"), soup.NotAuthorised)
	h.expectRefusal("no certificate", login(t, "cert", "secret"), soup.NotAuthorised)
	h.expectRefusal("no session here", login(t, "other", "secret"), soup.SessionNotAvailable)
	if len(h.came) != 0 {
		t.Errorf("%d reached a session", len(h.came))
	}
}

// The front admits the providers of the last call of Admit.
func TestAProviderThatLeftIsUnknown(t *testing.T) {
	h := build(t, patience, "ALPHA", alpha())
	h.front.Admit(nil)
	h.expectRefusal("a provider that has left", login(t, "alpha", "secret"), soup.NotAuthorised)
}

// A connection that does not log in gets no answer, whether it sends something else first or nothing in time.
func TestAConnectionWithoutALoginIsClosed(t *testing.T) {
	h := build(t, 50*time.Millisecond, "ALPHA", alpha())
	something, err := soup.Append(nil, soup.TypeUnsequenced, []byte("T"))
	if err != nil {
		t.Fatal(err)
	}
	for what, bytes := range map[string][]byte{
		"something else": something, "half a login": login(t, "alpha", "secret")[:20], "no packet": {0xff, 0xff, 'L'}, "nothing": {},
	} {
		if p, err := h.says(bytes); err == nil {
			t.Errorf("%s: packet %q %q", what, p.Type, p.Payload)
		}
	}
	testkit.Eventually(t, "nobody to wait", patience, func() error {
		if n, _ := h.front.Waiting(); n != 0 {
			return fmt.Errorf("%d wait", n)
		}
		return nil
	})
	if len(h.came) != 0 || h.refused.Load() != 0 {
		t.Errorf("%d reached a session, %d were refused", len(h.came), h.refused.Load())
	}
}
