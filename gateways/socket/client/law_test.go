package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"fxcore/gateways/socket/client"
	"fxcore/gateways/socket/message"
)

// The law of the protocol: wherever connections are cut, in either direction, within packets or between them, the client sees
// each message of the core once and in order, and the core takes each request once and in order.
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

// readAll reads until all requests are pending. Then it ends the session and compares what it has read with the stream.
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
