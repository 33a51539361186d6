package main

import (
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/fix/internal/wire"
)

// client is a provider that sends exactly what the test says. Fields are written with bars for SOH.
type client struct {
	t      testing.TB
	id     string // our CompID
	to     string
	user   string
	secret string
	conn   net.Conn
	cutter *wire.Cutter
	next   int // MsgSeqNum of our next message
}

func newClient(t testing.TB, id string) *client {
	return &client{t: t, id: id, to: "FXCORE", user: strings.ToLower(id), secret: "secret", next: 1}
}

func (c *client) version() string {
	if strings.HasSuffix(c.id, "50") {
		return "FIXT.1.1"
	}
	return "FIX.4.4"
}

// connect opens a connection and sends nothing.
func (c *client) connect(address string) *client {
	c.t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.over(conn)
}

func (c *client) over(conn net.Conn) *client {
	c.conn, c.cutter = conn, wire.NewCutter(1<<20)
	c.t.Cleanup(func() { _ = conn.Close() })
	return c
}

// logon sends a Logon with fields of its own, and expects nothing.
func (c *client) logon(more string) {
	c.t.Helper()
	version := ""
	if c.version() == "FIXT.1.1" {
		version = "1137=9|"
	}
	c.send("A", "98=0|108=30|"+more+"553="+c.user+"|554="+c.secret+"|"+version)
}

// reset logs on with both sides beginning at 1.
func (c *client) reset(address string) *client {
	c.t.Helper()
	c.next = 1
	c.connect(address)
	c.logon("141=Y|")
	c.expect("A 34=1 98=0 108=30 141=Y" + c.reply())
	return c
}

func (c *client) reply() string {
	if c.version() == "FIXT.1.1" {
		return " 1137=9"
	}
	return ""
}

// resume logs on with the numbers as they are and reads the reply, whatever its number.
func (c *client) resume(address string) string {
	c.t.Helper()
	c.connect(address)
	c.logon("")
	got := c.read()
	if !strings.HasPrefix(got, "A ") {
		c.t.Fatalf("the reply to the logon is %s", got)
	}
	return got
}

// send sends a message of a type with the next number.
func (c *client) send(msgType, body string) {
	c.t.Helper()
	c.write(c.message(msgType, c.next, "", body))
	c.next++
}

// message builds a message; header goes between 34 and 52.
func (c *client) message(msgType string, seq int, header, body string) string {
	return c.built(fmt.Sprintf("35=%s|49=%s|56=%s|34=%d|%s52=%s|%s", msgType, c.id, c.to, seq, header, now(), body))
}

func (c *client) built(fields string) string {
	return string(wire.Build(c.version(), []byte(strings.ReplaceAll(fields, "|", "\x01"))))
}

func now() string { return time.Now().UTC().Format("20060102-15:04:05.000") }

func (c *client) write(raw string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, raw); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

// order sends a NewOrderSingle that the core of these tests accepts.
func (c *client) order(reference string) {
	c.t.Helper()
	c.send("D", order(reference))
}

// deal sends an order and expects its two answers. first is the number of the first one.
func (c *client) deal(reference string, first int) {
	c.t.Helper()
	c.order(reference)
	c.expectAnswer(first, reference, "A")
	c.expectAnswer(first+1, reference, "2")
}

// leave logs out. seq is the number of the gateway's Logout.
func (c *client) leave(seq int) {
	c.t.Helper()
	c.send("5", "")
	c.expect(fmt.Sprintf("5 34=%d", seq))
	c.expectEnd()
}

// visit logs on with both sides beginning at 1, and out again. A provider that is not admitted gets the answer that all strangers get.
func (c *client) visit(admitted bool) {
	c.t.Helper()
	c.logon("141=Y|")
	if !admitted {
		c.expect("5 34=1 58=logon refused: unknown session, user or password")
		c.expectEnd()
		return
	}
	c.expect("A 34=1 98=0 108=30 141=Y")
	c.leave(2)
}

func order(reference string) string {
	return "11=" + reference + "|1=C000900|63=0|55=EUR/USD|54=1|60=" + now() + "|38=1000000|40=2|44=1.08|15=EUR|"
}

// expect reads the next message that is no heartbeat and compares it, without what depends on the time: BeginString,
// BodyLength, CompIDs, SendingTime, CheckSum.
func (c *client) expect(want string) {
	c.t.Helper()
	if diff := cmp.Diff(want, c.read()); diff != "" {
		c.t.Fatalf("%s: -want +got\n%s", c.id, diff)
	}
}

// expectAnswer reads the next message and compares type, number, reference and status.
func (c *client) expectAnswer(seq int, reference, status string) {
	c.t.Helper()
	got := c.read()
	want := fmt.Sprintf("8 34=%d 11=%s 39=%s", seq, reference, status)
	if short := pick(got, "34", "11", "39"); short != want {
		c.t.Fatalf("%s: want %s, got %s", c.id, want, got)
	}
}

// expectEnd expects the connection to be closed, without another message.
func (c *client) expectEnd() {
	c.t.Helper()
	if got, err := c.tryRead(time.Minute); err == nil {
		c.t.Fatalf("%s: the connection should end, got %s", c.id, got)
	} else if e, ok := err.(net.Error); ok && e.Timeout() { //nolint:errorlint // not wrapped
		c.t.Fatalf("%s: the connection stays open", c.id)
	}
}

// expectSilence expects that nothing comes for a moment.
func (c *client) expectSilence() {
	c.t.Helper()
	if got, err := c.tryRead(300 * time.Millisecond); err == nil {
		c.t.Fatalf("%s: got %s", c.id, got)
	} else if e, ok := err.(net.Error); !ok || !e.Timeout() { //nolint:errorlint // not wrapped
		c.t.Fatalf("%s: %v", c.id, err)
	}
}

func (c *client) read() string {
	c.t.Helper()
	got, err := c.tryRead(time.Minute)
	if err != nil {
		c.t.Fatalf("%s: nothing to read: %v", c.id, err)
	}
	return got
}

func (c *client) tryRead(within time.Duration) (string, error) {
	for {
		raw, err := c.readRaw(within)
		if err != nil {
			return "", err
		}
		if text := told(raw); !strings.HasPrefix(text, "0 ") || strings.Contains(text, " 112=") {
			return text, nil
		}
	}
}

func (c *client) readRaw(within time.Duration) ([]byte, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(within))
	for {
		if piece, ok := c.cutter.Next(); ok {
			if piece.Kind != wire.Whole {
				return nil, fmt.Errorf("the gateway sent a bad message: %q", piece.Bytes)
			}
			return piece.Bytes, nil
		}
		if _, err := c.cutter.Fill(c.conn); err != nil {
			return nil, err
		}
	}
}

// told is a message without what depends on the time: "3 34=5 45=7 58=…".
func told(raw []byte) string {
	var b strings.Builder
	for tag, value := range wire.Fields(raw) {
		switch tag {
		case 8, 9, 10, 49, 52, 56, 122:
		case 35:
			b.Write(value)
		default:
			b.WriteString(" " + strconv.Itoa(tag) + "=" + string(value))
		}
	}
	return b.String()
}

// pick keeps the type and the given fields.
func pick(text string, tags ...string) string {
	words := strings.Split(text, " ")
	kept := words[:1:1]
	for _, tag := range tags {
		for _, w := range words[1:] {
			if strings.HasPrefix(w, tag+"=") {
				kept = append(kept, w)
				break
			}
		}
	}
	return strings.Join(kept, " ")
}
