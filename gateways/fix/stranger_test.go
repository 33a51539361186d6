package main

import (
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// guess connects from an address, sends a logon, and returns all that comes, up to the end of the connection.
func guess(t *testing.T, to, from string, change func(c *client)) string {
	t.Helper()
	conn, err := (&net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}, Timeout: 30 * time.Second}).Dial("tcp", to) //nolint:noctx // bounded
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c := newClient(t, "ALPHA")
	c.secret = "guess"
	change(c)
	c.conn = conn
	c.logon("")
	_ = conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	came, err := io.ReadAll(conn)
	return fmt.Sprintf("%s, then %v", alike.ReplaceAllString(strings.ReplaceAll(string(came), c.id, "ID"), "$1="), err)
}

// alike are the fields that differ in equal answers: length, time, sum.
var alike = regexp.MustCompile(`\b(9|52|10)=[^\x01]*`)

// Whoever has no credentials learns nothing: every answer is the same, byte for byte, and the connection ends in the same way. No guess
// takes a number of the session that it names, whether that is logged on or not.
func TestAStrangerLearnsAndMovesNothing(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	online := newClient(t, "ALPHA").reset(g.Address)
	online.deal("A-1", 2)
	offline := newClient(t, "GAMMA").reset(g.Address)
	offline.leave(2)
	const stranger = "127.0.0.7"
	want := guess(t, g.Address, stranger, func(c *client) { c.id = "NOBODY" })
	if !strings.HasPrefix(want, "8=FIX.4.4\x019=\x0135=5\x0134=1\x0149=FXCORE\x01") || !strings.HasSuffix(want, "then <nil>") {
		t.Fatalf("the answer is %q", want)
	}
	for name, change := range map[string]func(c *client){
		"known, logged on":                   func(*client) {},
		"known, not logged on":               func(c *client) { c.id = "GAMMA" },
		"another address":                    func(c *client) { c.id = "ELSEWHERE" },
		"another address and right password": func(c *client) { c.id, c.user, c.secret = "ELSEWHERE", "elsewhere", "secret" },
		"no certificate and right password":  func(c *client) { c.id, c.user, c.secret = "CERTIFIED", "certified", "secret" },
		"another one's user and password":    func(c *client) { c.id, c.user, c.secret = "GAMMA", "alpha", "secret" },
	} {
		if got := guess(t, g.Address, stranger, change); got != want {
			t.Errorf("%s:\n%q, and a session that does not exist\n%q", name, got, want)
		}
	}
	for range 52 {
		if got := guess(t, g.Address, stranger, func(*client) {}); got != want {
			t.Fatalf("after some guesses %q", got)
		}
	}
	online.deal("A-2", 4)
	if got := pick(offline.resume(g.Address), "34"); got != "A 34=3" {
		t.Errorf("the victim's logon is answered by %s", got)
	}
	if n := strings.Count(g.Log.String(), `"message":"session changed","ecs`); n > 4 {
		t.Errorf("the engines saw %d changes", n)
	}
}

// Guessing is slow, and there is an alarm. It locks out nobody who comes from elsewhere.
func TestGuessingIsHeldBackAndTold(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	for range 30 {
		guess(t, g.Address, "127.0.0.7", func(c *client) { c.id = "DELTA" })
	}
	testkit.Eventually(t, "the alarm", time.Minute, func() error {
		status, err := g.Status()
		if err != nil {
			return err
		}
		if n, says := status.Counters["front.passwords_not_checked"], status.Warnings["passwords"]; n == 0 {
			return fmt.Errorf("%d passwords were not looked at, the warning is %q", n, says)
		}
		return nil
	})
	first := newClient(t, "DELTA").reset(g.Address)
	first.leave(2)
	for i := range 20 {
		guess(t, g.Address, "127.0.0.8", func(c *client) { c.id = fmt.Sprint("NAME", i) })
	}
	testkit.Eventually(t, "the alarm", time.Minute, func() error {
		if status, err := g.Status(); err != nil || !strings.Contains(status.Warnings["passwords"], "wrong logins") {
			return fmt.Errorf("%q, %w", status.Warnings["passwords"], err)
		}
		return nil
	})
	g.Logged("passwords are guessed from an address")
}

// What a stranger sends first is bounded and printable in the log, however long it is.
func TestAStrangersNoiseIsBoundedInTheLog(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	before := len(g.Log.String())
	noise := newClient(t, "ALPHA").built("35=" + strings.Repeat("\u009b\x1b", 1_200) + "|49=ALPHA|56=FXCORE|34=1|52=" + now() + "|")
	for range 100 {
		c := newClient(t, "ALPHA").connect(g.Address)
		c.write(noise)
		c.expectEnd()
	}
	g.Logged("first message is not a Logon")
	if grown := len(g.Log.String()) - before; grown > 100<<10 {
		t.Errorf("the log grew by %d bytes", grown)
	}
	if strings.ContainsAny(g.Log.String(), "\u009b\x1b") || strings.Contains(g.Log.String(), `\u001b`) {
		t.Error("control characters are in the log")
	}
	testkit.Eventually(t, "the count of what was left out", time.Minute, func() error {
		status, err := g.Status()
		if err == nil && status.Counters["front.lines_left_out"] == 0 {
			return fmt.Errorf("it is 0")
		}
		return err
	})
}

// A provider cannot fill the log: 200 Rejects with texts of 60 KB are a few bounded lines and a count.
func TestAProvidersTextsAreBoundedInTheLog(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	c := newClient(t, "ALPHA").reset(g.Address)
	before := len(g.Log.String())
	for range 200 {
		c.send("3", "45=1|58="+strings.Repeat("long\u202e", 8_000)+"|")
	}
	c.send("1", "112=done|")
	c.expect("0 34=2 112=done")
	g.Logged("provider refused a message of ours")
	if grown := len(g.Log.String()) - before; grown > 100<<10 {
		t.Errorf("the log grew by %d bytes", grown)
	}
	if strings.Contains(g.Log.String(), "\u202e") {
		t.Error("characters of direction are in the log")
	}
}

// A ResendRequest has 70 bytes. A hundred of them are not answered by all messages each time.
func TestResendsAreBounded(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	for i := range 10 {
		c.deal(fmt.Sprint("R-", i), 2+2*i)
	}
	for range 100 {
		c.send("2", "7=1|16=0|")
	}
	c.send("1", "112=done|")
	messages, refused := 0, 0
	for {
		got := c.read()
		if strings.HasPrefix(got, "0 ") && strings.Contains(got, "112=done") {
			break
		}
		if messages++; strings.HasPrefix(got, "3 ") && strings.Contains(got, "resend refused") {
			refused++
		}
	}
	if refused != 89 || messages > 89+11*25 {
		t.Errorf("%d messages came, %d of them are refusals", messages, refused)
	}
}

// A provider that a person bars is cut off, and gets a stranger's answer until it is admitted again. Another one notices nothing. The
// bar outlives the gateway.
func TestABarredProviderIsCutOff(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	core := gatewaytest.StartCore(t, g.Broker)
	c, other := newClient(t, "ALPHA").reset(g.Address), newClient(t, "GAMMA").reset(g.Address)
	c.deal("A-1", 2)
	core.Say(t, contract.SessionBarred, "fix", "ALPHA")
	c.expect("5 34=4 58=the bank has closed the session: ask the bank's provider desk")
	c.expectEnd()
	c.next = 3
	refused := func() {
		c.connect(g.Address).logon("")
		c.expect("5 34=1 58=logon refused: unknown session, user or password")
		c.expectEnd()
		c.next--
	}
	refused()
	other.deal("G-1", 2)
	g.Logged(`"user.name":"U0003"`)
	g.Kill()
	g.Start()
	refused()
	core.Say(t, contract.SessionAdmitted, "fix", "ALPHA")
	testkit.Eventually(t, "the provider to be admitted", time.Minute, func() error {
		c.connect(g.Address).logon("")
		got := c.read()
		if !strings.HasPrefix(got, "A ") {
			c.next--
			return fmt.Errorf("got %s", got)
		}
		return nil
	})
}
