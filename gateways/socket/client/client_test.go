package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
	"pgregory.net/rapid"

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

// plain sets nothing up.
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

// The law of the protocol: wherever connections are cut, within packets or between them, in either direction, each of
// the core's messages is seen once and in order, and each request is taken once and in order.
func TestNothingIsLostOrDoubledHoweverConnectionsAreCut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		requests, messages := rapid.IntRange(0, 20).Draw(rt, "requests"), rapid.IntRange(0, 40).Draw(rt, "messages")
		pieces := rapid.SliceOfN(rapid.IntRange(0, 400), 1, 20).Draw(rt, "bytes between two cuts")
		server := newCore(t, func(c *core) { c.scissors = growing(pieces) })
		defer server.close()
		server.publish(messages)
		c, err := dialUntil(deadline(t), server)
		if err != nil {
			rt.Fatal(err)
		}
		defer c.Close()
		var sender sync.WaitGroup
		sender.Go(func() { sendAll(rt, c, requests) })
		readAll(rt, c, server, requests)
		sender.Wait()
		server.verify(rt, requests)
	})
}

// growing cuts after the given bytes, then ever later, so that each run ends.
func growing(pieces []int) func() int {
	var mu sync.Mutex
	cuts := 0
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		cuts++
		return pieces[cuts%len(pieces)] + cuts*2
	}
}

// dialUntil dials until a first login comes through.
func dialUntil(ctx context.Context, server *core) (*client.Client, error) {
	for {
		c, err := client.Dial(ctx, server.addr(), alpha, fromOne, hurrying, client.WithUnconfirmed(5))
		if err == nil || ctx.Err() != nil {
			return c, err
		}
	}
}

func sendAll(t *rapid.T, c *client.Client, requests int) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for i := range requests {
		number, err := c.Send(ctx, check(fmt.Sprintf("L-%d", i+1)))
		if err != nil || number != uint64(i+1) {
			t.Errorf("request %d sent as %d: %v", i+1, number, err)
			return
		}
	}
}

// readAll reads until all requests are pending, has the session ended then, and compares what was read with the stream.
func readAll(t *rapid.T, c *client.Client, server *core, requests int) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	pending, number := 0, uint64(0)
	for {
		if pending == requests && number > 0 {
			server.end()
			pending++
		}
		m, err := c.Next(ctx)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("after %d: %v", number, err)
		}
		if number++; m.Number != number || !bytes.Equal(m.Payload, server.message(number)) {
			t.Fatalf("message %d as number %d: %q", number, m.Number, m.Payload)
		}
		if a, err := m.Answer(); err == nil && a.Type() == message.TypePending {
			pending++
		}
	}
	if pending != requests+1 || server.message(number+1) != nil {
		t.Fatalf("the end came after %d messages, %d pending", number, pending)
	}
}

func (c *core) message(number uint64) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	if number > uint64(len(c.stream)) {
		return nil
	}
	return c.stream[number-1]
}

func (c *core) verify(t *rapid.T, requests int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.taken) != requests || c.strays != 0 {
		t.Fatalf("%d of %d requests taken, %d strays", len(c.taken), requests, c.strays)
	}
	for i, reference := range c.taken {
		if reference != fmt.Sprintf("L-%d", i+1) {
			t.Fatalf("request %d is %s", i+1, reference)
		}
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
	go drain(c)
	if number, err := c.Send(deadline(t), check("L-3")); err != nil || number != 3 {
		t.Errorf("%d %v", number, err)
	}
}

func drain(c *client.Client) {
	for {
		if _, err := c.Next(context.Background()); err != nil {
			return
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

// A password that was changed ends a client that runs; a session that changes hands does not.
func TestALaterLoginMayBeRefused(t *testing.T) {
	server := newCore(t, plain)
	defer server.close()
	c, err := client.Dial(deadline(t), server.addr(), alpha, fromOne, hurrying)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	server.refuseFrom(soup.SessionNotAvailable)
	server.cut()
	server.waitLogins(5)
	server.refuseFrom(soup.NotAuthorised)
	for err == nil {
		_, err = c.Next(deadline(t))
	}
	if !errors.Is(err, client.ErrNotAuthorised) {
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
	go drain(c)
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
