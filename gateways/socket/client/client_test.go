package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/gateways/socket/client"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var (
	alpha    = client.Credentials{Username: "alpha", Password: "tunafish"}
	fromOne  = client.Point{Next: 1}
	hurrying = client.WithPause(time.Microsecond, time.Millisecond)
)

// plain changes nothing of the core.
func plain(*core) {}

func deadline(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func check(reference string) *message.LineCheck {
	return &message.LineCheck{
		RequestHead: message.RequestHead{Reference: reference}, Action: message.Cancel, TransactedAt: time.Unix(1_800_000_000, 0),
		Client: "C000900", ReservationID: "R",
	}
}

func TestAClientGoesOnWhereAnotherEnded(t *testing.T) {
	server := newCore(t, plain)
	defer server.close()
	server.publish(5)
	c, err := client.Dial(deadline(t), server.addr(), alpha, client.Point{Session: session, Next: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if m, err := c.Next(deadline(t)); err != nil || m.Number != 4 || !bytes.HasPrefix(m.Payload, []byte("#4 ")) {
		t.Errorf("%d %q %v", m.Number, m.Payload, err)
	}
}

// A new client's first request has the number that the core expects, whatever went before.
func TestNumbersGoOnAfterWhatTheCoreReceived(t *testing.T) {
	server := newCore(t, func(c *core) { c.taken = []string{"L-1", "L-2"} })
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() { _ = drain(c) }() // ends with the client
	if number, err := c.Send(deadline(t), check("L-3")); err != nil || number != 3 {
		t.Errorf("%d %v", number, err)
	}
}

// drain reads until the client ends. It returns the client's error.
func drain(c *client.Client) error {
	for {
		if _, err := c.Next(context.Background()); err != nil {
			return err
		}
	}
}

func TestWhatTheCoreHasNoRoomForIsSentAgain(t *testing.T) {
	server := newCore(t, func(c *core) { c.busy = 3 })
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, hurrying)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() {
		for i := range 5 {
			if _, err := c.Send(deadline(t), check(fmt.Sprintf("L-%d", i+1))); err != nil {
				t.Error(err)
			}
		}
	}()
	for last := uint64(0); last < 5; {
		m, err := c.Next(deadline(t))
		if err != nil {
			t.Fatal(err)
		}
		_, head, err := message.ParseHead(m.Payload)
		if err != nil {
			t.Fatal(err)
		}
		last = head.Received
	}
}

func TestWhyALoginIsRefused(t *testing.T) {
	for reason, want := range map[soup.Reason]error{soup.NotAuthorised: client.ErrNotAuthorised, soup.SessionNotAvailable: client.ErrNoSession} {
		server := newCore(t, func(c *core) { c.refuse = reason })
		if _, err := client.Dial(deadline(t), server.addr(), alpha, fromOne); !errors.Is(err, want) {
			t.Errorf("%v: %v", reason, err)
		}
		server.close()
	}
}

// A changed password ends a client that runs. A session that another instance takes over does not.
func TestALaterLoginMayBeRefused(t *testing.T) {
	server := newCore(t, plain)
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, hurrying)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ended := make(chan error, 1)
	go func() { ended <- drain(c) }()
	server.refuseFrom(soup.SessionNotAvailable)
	server.cut()
	server.waitLogins(5)
	server.refuseFrom(soup.NotAuthorised)
	if err := <-ended; !errors.Is(err, client.ErrNotAuthorised) {
		t.Error(err)
	}
}

func (c *core) refuseFrom(reason soup.Reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = reason
}

// waitLogins waits until so many logins came.
func (c *core) waitLogins(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.logins) < n {
		c.grown.Wait() // each connection that ends tells
	}
}

func TestAFaultyRequestIsNotSent(t *testing.T) {
	server := newCore(t, plain)
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, client.WithUnconfirmed(1))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go func() { _ = drain(c) }() // ends with the client
	var fault *message.Fault
	for range 3 { // it takes no room
		if _, err := c.Send(deadline(t), check("")); !errors.As(err, &fault) || fault.Field != "reference" {
			t.Error(err)
		}
	}
	if number, err := c.Send(deadline(t), check("L-1")); err != nil || number != 1 {
		t.Errorf("%d %v", number, err)
	}
}

func TestAClosedClientSaysSo(t *testing.T) {
	server := newCore(t, plain)
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne)
	if err != nil {
		t.Fatal(err)
	}
	c.Close()
	c.Close()
	if _, err := c.Next(deadline(t)); !errors.Is(err, client.ErrClosed) {
		t.Error(err)
	}
	if _, err := c.Send(deadline(t), check("L-1")); !errors.Is(err, client.ErrClosed) {
		t.Error(err)
	}
}

func TestNobodySeesThePassword(t *testing.T) {
	if shown := fmt.Sprintf("%v %+v %#v", alpha, alpha, alpha); strings.Contains(shown, "tuna") {
		t.Error(shown)
	}
}
