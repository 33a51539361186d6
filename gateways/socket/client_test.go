package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"testing"
	"time"

	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// rawClient is a provider's connection, packet by packet.
type rawClient struct {
	t      testing.TB
	conn   net.Conn
	reader *soup.Reader
	next   uint64 // number of the next answer
	nonce  uint64
	shown  [][]byte // answers that were read
}

func dial(t testing.TB, address string) *rawClient {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if err := conn.SetReadDeadline(time.Now().Add(30 * time.Second)); err != nil {
		t.Fatal(err)
	}
	return &rawClient{t: t, conn: conn, reader: soup.NewReader(conn, soup.Server, soup.MaxPayload)}
}

// login logs in with the password that all have. The gateway must go on at the number that it asks for.
func login(t testing.TB, address, user, session string, next uint64) *rawClient {
	t.Helper()
	c := dial(t, address)
	a := c.enter(soup.Login{Username: user, Password: "secret", Session: session, Next: next})
	if a.Next != next {
		t.Fatalf("goes on at %d, not at %d", a.Next, next)
	}
	return c
}

func (c *rawClient) enter(l soup.Login) soup.Acceptance {
	c.t.Helper()
	c.login(l)
	p := c.packet()
	if p.Type != soup.TypeLoginAccepted {
		c.t.Fatalf("packet %q %q after the login", p.Type, p.Payload)
	}
	a, err := soup.ParseAcceptance(p.Payload)
	if err != nil {
		c.t.Fatal(err)
	}
	c.next = a.Next
	return a
}

func (c *rawClient) login(l soup.Login) {
	c.t.Helper()
	b, err := l.Append(nil)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(b)
}

func (c *rawClient) write(b []byte) {
	c.t.Helper()
	if _, err := c.conn.Write(b); err != nil {
		c.t.Fatal(err)
	}
}

// packet returns the next packet that is no heartbeat.
func (c *rawClient) packet() soup.Packet {
	c.t.Helper()
	for {
		p, err := c.reader.Next()
		if err != nil {
			c.t.Fatalf("read: %v", err)
		}
		if p.Type != soup.TypeServerHeartbeat {
			return p
		}
	}
}

func (c *rawClient) expectEnd() {
	c.t.Helper()
	for {
		p, err := c.reader.Next()
		var silent net.Error
		if errors.As(err, &silent) && silent.Timeout() {
			c.t.Fatal("it is still there")
		}
		if err != nil {
			return
		}
		if p.Type != soup.TypeServerHeartbeat {
			c.t.Fatalf("packet %q instead of the end", p.Type)
		}
	}
}

func (c *rawClient) expectRejected(want soup.Reason) {
	c.t.Helper()
	p := c.packet()
	if p.Type != soup.TypeLoginRejected || soup.Reason(p.Payload[0]) != want {
		c.t.Fatalf("packet %q %q, want a login rejected by %q", p.Type, p.Payload, want)
	}
	c.expectEnd()
}

func (c *rawClient) send(m message.Request) {
	c.t.Helper()
	payload, err := message.AppendRequest(nil, m)
	if err != nil {
		c.t.Fatal(err)
	}
	c.sendRaw(payload)
}

func (c *rawClient) sendRaw(payload []byte) {
	c.t.Helper()
	b, err := soup.Append(nil, soup.TypeUnsequenced, payload)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(b)
}

// answer reads the next answer.
func (c *rawClient) answer() message.Answer {
	c.t.Helper()
	p := c.packet()
	if p.Type != soup.TypeSequenced {
		c.t.Fatalf("packet %q, want an answer", p.Type)
	}
	c.next++
	c.shown = append(c.shown, bytes.Clone(p.Payload))
	a, err := message.ParseAnswer(p.Payload)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// expect reads answers. Each is written as type, number, reference, received number and content.
func (c *rawClient) expect(want ...string) {
	c.t.Helper()
	for _, line := range want {
		if got := told(c.answer()); got != line {
			c.t.Fatalf("got  %s\nwant %s", got, line)
		}
	}
}

func told(a message.Answer) string {
	h := a.Head()
	what := ""
	switch a := a.(type) {
	case *message.LineChecked:
		what = " " + a.Outcome.String()
	case *message.ReportAnswered:
		what = " " + a.Outcome.String() + a.Code
	case *message.TradeRejected:
		what = " " + a.Code
	case *message.BusinessReject:
		what = fmt.Sprintf(" %s %s", a.Reason, a.Field)
	case *message.Status:
		what = fmt.Sprintf(" %s by %d", a.State, a.DecidedBy)
	}
	return fmt.Sprintf("%c %d %s, received %d%s", a.Type(), h.Sequence, h.Reference, h.Received, what)
}

// expectReceived asks for the number up to which requests were received, and checks it.
func (c *rawClient) expectReceived(want uint64) {
	c.t.Helper()
	c.nonce++
	c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: 1_000 + c.nonce}})
	c.expect(fmt.Sprintf("I %d , received %d  by 0", 1_000+c.nonce, want))
}

func trade(sequence uint64, reference string) *message.TradeRequest {
	return &message.TradeRequest{RequestHead: message.RequestHead{Sequence: sequence, Reference: reference}, Terms: terms("1000000")}
}

func terms(amount string) message.Terms {
	return message.Terms{
		TransactedAt: time.Now().Truncate(time.Microsecond), Client: "C000900", Product: message.Spot, Pair: "EUR/USD", Currency: "EUR",
		Legs: []message.Leg{{Side: message.Buy, Amount: amount, Rate: "1.08432"}},
	}
}

func reserve(sequence uint64, reference string) *message.LineCheck {
	return &message.LineCheck{
		RequestHead: message.RequestHead{Sequence: sequence, Reference: reference}, Action: message.Reserve, TransactedAt: time.Now(),
		Client: "C000900", Pair: "EUR/USD", Currency: "EUR", Side: message.Buy, Amount: "1000000", Tenor: "1M",
	}
}
