package main

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/testkit"
)

// The promises of README.md, one after the other. The gateway is a process of its own.
func TestPromises(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	decides := gatewaytest.StartCore(t, g.Broker)
	for name, promise := range map[string]func(*testing.T, *gatewaytest.Gateway, *gatewaytest.Core){
		"pending, then final, for each kind of request":   promiseAnswers,
		"a repeat gets the same answer again":             promiseRepeats,
		"what a lost connection brought is answered once": promiseOnce,
		"other content under a reference is a duplicate":  promiseDuplicates,
		"what is out of sequence is refused, uncounted":   promiseSequence,
		"what cannot be read is refused and counts":       promiseUnreadable,
		"status of a reference":                           promiseStatus,
		"answers are told again byte for byte":            promiseResume,
		"a login takes the session over":                  promiseTakeover,
	} {
		t.Run(name, func(t *testing.T) { promise(t, g, decides) })
	}
}

// fresh logs a provider in behind all its answers. It returns the number of the provider's next request.
func fresh(t *testing.T, g *gatewaytest.Gateway, user string) (*rawClient, uint64) {
	t.Helper()
	c := dial(t, g.Address)
	c.enter(soup.Login{Username: user, Password: "secret"})
	c.nonce = uint64(time.Now().UnixNano())
	c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: c.nonce}})
	for {
		if a := c.answer(); a.Head().Sequence == c.nonce {
			c.nonce = 0
			return c, a.Head().Received + 1
		}
	}
}

func promiseAnswers(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	c, n := fresh(t, g, "alpha")
	c.send(trade(n, "A-1"))
	c.expect(fmt.Sprintf("A %d A-1, received %d", n, n), fmt.Sprintf("E %d A-1, received %d", n, n))
	c.send(&message.TradeReport{RequestHead: message.RequestHead{Sequence: n + 1, Reference: "A-2"}, Terms: terms("5")})
	c.expect(fmt.Sprintf("A %d A-2, received %d", n+1, n+1), fmt.Sprintf("K %d A-2, received %d approved", n+1, n+1))
	c.send(reserve(n+2, "A-3"))
	c.expect(fmt.Sprintf("A %d A-3, received %d", n+2, n+2), fmt.Sprintf("L %d A-3, received %d approved", n+2, n+2))
}

func promiseRepeats(t *testing.T, g *gatewaytest.Gateway, core *gatewaytest.Core) {
	c, n := fresh(t, g, "alpha")
	first := trade(n, "R-1")
	c.send(first)
	c.answer()
	done := c.answer().(*message.Executed)
	before, _ := core.Requests()
	c.send(first) // by its number
	if again := c.answer().(*message.Executed); again.AnswerID != done.AnswerID || again.Sequence != n {
		t.Errorf("%+v", again)
	}
	first.Sequence = n + 1 // by its reference
	c.send(first)
	c.expect(fmt.Sprintf("A %d R-1, received %d", n+1, n+1))
	if again := c.answer().(*message.Executed); again.AnswerID != done.AnswerID || again.Sequence != n+1 {
		t.Errorf("%+v", again)
	}
	if after, doubled := core.Requests(); after != before+2 || doubled != 0 {
		t.Errorf("%d events more, %d doubled", after-before, doubled)
	}
}

// A provider that has not read that its request was received sends it again. The answers are among the messages that it reads
// from its place on.
func promiseOnce(t *testing.T, g *gatewaytest.Gateway, core *gatewaytest.Core) {
	lost, n := fresh(t, g, "beta")
	place := lost.next
	request := trade(n, "G-1")
	pending, final := fmt.Sprintf("A %d G-1, received %d", n, n), fmt.Sprintf("E %d G-1, received %d", n, n)
	lost.send(request)
	lost.expect(pending, final)
	before, _ := core.Requests()
	c := login(t, g.Address, "beta", "S1", place)
	c.send(request)
	c.expect(pending, final)
	c.expectReceived(n)
	if after, _ := core.Requests(); after != before {
		t.Errorf("%d events more", after-before)
	}
	c.send(request) // it has read the answers, and asks for them again
	c.expect(final)
	c.send(trade(n, "G-2")) // another request under that number
	c.expect(fmt.Sprintf("A %d G-2, received %d", n, n), fmt.Sprintf("E %d G-2, received %d", n, n))
	wiser := login(t, g.Address, "beta", "S1", place+1) // it has read that the request is received
	for wiser.next < c.next {
		wiser.answer()
	}
	wiser.send(request)
	wiser.expect(final)
}

func promiseDuplicates(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	c, n := fresh(t, g, "alpha")
	c.send(trade(n, "D-1"))
	c.expect(fmt.Sprintf("A %d D-1, received %d", n, n), fmt.Sprintf("E %d D-1, received %d", n, n))
	other := trade(n+1, "D-1")
	other.Legs[0].Amount = "7"
	c.send(other)
	c.expect(fmt.Sprintf("A %d D-1, received %d", n+1, n+1), fmt.Sprintf("X %d D-1, received %d duplicate", n+1, n+1))
}

func promiseSequence(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	c, n := fresh(t, g, "beta")
	c.send(trade(n+1, "S-2"))
	c.send(trade(n+2, "S-3"))
	c.expect(
		fmt.Sprintf("B %d S-2, received %d out of sequence sequence", n+1, n-1),
		fmt.Sprintf("B %d S-3, received %d out of sequence sequence", n+2, n-1))
	c.expectReceived(n - 1)
	c.send(trade(n, "S-1"))
	c.expect(fmt.Sprintf("A %d S-1, received %d", n, n), fmt.Sprintf("E %d S-1, received %d", n, n))
}

func promiseUnreadable(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	c, n := fresh(t, g, "gamma")
	whole, err := message.AppendRequest(nil, trade(n, "U-1"))
	if err != nil {
		t.Fatal(err)
	}
	c.sendRaw(whole[:len(whole)-5])
	c.expect(fmt.Sprintf("B %d U-1, received %d malformed legs[0]", n, n))
	newer := bytes.Clone(whole)
	newer[1], newer[9] = 0x20, byte(n+1)
	c.sendRaw(newer)
	c.expect(fmt.Sprintf("B %d U-1, received %d unknown version version", n+1, n+1))
	unknown := bytes.Clone(whole)
	unknown[0], unknown[9] = '?', byte(n+2)
	c.sendRaw(unknown)
	c.expect(fmt.Sprintf("B %d U-1, received %d unknown type type", n+2, n+2))
	c.sendRaw([]byte{'T'}) // no number: it cannot count
	c.expect(fmt.Sprintf("B 0 , received %d malformed version", n+2))
	future := trade(n+3, "U-2")
	future.TransactedAt = time.Now().Add(time.Hour)
	c.send(future)
	c.expect(fmt.Sprintf("B %d U-2, received %d malformed transacted_at", n+3, n+3))
}

func promiseStatus(t *testing.T, g *gatewaytest.Gateway, core *gatewaytest.Core) {
	c, n := fresh(t, g, "delta")
	release := core.Pause()
	defer release()
	c.send(reserve(n, "Q-1"))
	c.expect(fmt.Sprintf("A %d Q-1, received %d", n, n))
	ask := func(subject message.Subject, reference string) {
		c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: 77, Reference: reference}, Subject: subject})
	}
	ask(message.Check, "Q-1")
	c.expect(fmt.Sprintf("I 77 Q-1, received %d undecided by 0", n))
	release()
	c.expect(fmt.Sprintf("L %d Q-1, received %d approved", n, n))
	decided := c.next - 1
	ask(message.Check, "Q-1")
	c.expect(fmt.Sprintf("I 77 Q-1, received %d decided by %d", n, decided))
	ask(message.Trade, "Q-1")
	c.expect(fmt.Sprintf("I 77 Q-1, received %d unknown by 0", n))
}

func promiseResume(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	c, n := fresh(t, g, "echo")
	from := c.next
	c.shown = nil
	for i := range uint64(10) {
		c.send(trade(n+i, fmt.Sprint("B-", i)))
	}
	for range 20 {
		c.answer()
	}
	for _, at := range []uint64{from, from + 7, from + 19, from + 20} {
		again := login(t, g.Address, "echo", "S1", at)
		for _, want := range c.shown[at-from:] {
			if again.answer(); !bytes.Equal(again.shown[len(again.shown)-1], want) {
				t.Errorf("message %d is now %s", again.next-1, hex.EncodeToString(again.shown[len(again.shown)-1]))
			}
		}
	}
	most := dial(t, g.Address)
	if a := most.enter(soup.Login{Username: "echo", Password: "secret", Next: 0}); a.Session != "S1" || a.Next != from+19 {
		t.Errorf("the most recent one is %+v", a)
	}
	beyond := dial(t, g.Address)
	if a := beyond.enter(soup.Login{Username: "echo", Password: "secret", Next: from + 500}); a.Next != from+20 {
		t.Errorf("beyond the last: %+v", a)
	}
}

func promiseTakeover(t *testing.T, g *gatewaytest.Gateway, _ *gatewaytest.Core) {
	older, n := fresh(t, g, "alpha")
	newer, _ := fresh(t, g, "alpha")
	older.expectEnd()
	newer.send(trade(n, "T-1"))
	newer.expect(fmt.Sprintf("A %d T-1, received %d", n, n), fmt.Sprintf("E %d T-1, received %d", n, n))
	g.Counter("provider.ALPHA.logged_on", 1)
	newer.write([]byte{0, 1, 'O'})
	newer.expectEnd()
	g.Counter("provider.ALPHA.logged_on", 0)
}

func TestWhyALoginIsRejected(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	for name, test := range map[string]struct {
		login soup.Login
		want  soup.Reason
	}{
		"unknown user":              {soup.Login{Username: "nobody", Password: "secret"}, soup.NotAuthorised},
		"wrong password":            {soup.Login{Username: "alpha", Password: "Secret"}, soup.NotAuthorised},
		"from another address":      {soup.Login{Username: "far", Password: "secret"}, soup.NotAuthorised},
		"without its certificate":   {soup.Login{Username: "cert", Password: "secret"}, soup.NotAuthorised},
		"a session that is not yet": {soup.Login{Username: "alpha", Password: "secret", Session: "S2"}, soup.SessionNotAvailable},
		"a session of another name": {soup.Login{Username: "alpha", Password: "secret", Session: "X1"}, soup.SessionNotAvailable},
	} {
		t.Run(name, func(t *testing.T) {
			c := dial(t, g.Address)
			c.login(test.login)
			c.expectRejected(test.want)
		})
	}
}

// The server sends heartbeats after a second. It gives up a provider that is silent for fifteen.
func TestTheServerSaysThatItIsThere(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	c := login(t, g.Address, "alpha", "", 1)
	beats := 0
	for {
		p, err := c.reader.Next()
		if err != nil {
			break
		}
		if p.Type != soup.TypeServerHeartbeat {
			t.Fatalf("packet %q", p.Type)
		}
		beats++
	}
	if beats < 5 {
		t.Errorf("%d heartbeats until the end", beats)
	}
}

// Once the provider file names the next session, the provider gets the rest of the old one and its end. Requests are numbered on.
func TestTheNextSession(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := login(t, g.Address, "alpha", "", 1)
	c.send(trade(1, "N-1"))
	c.expect("A 1 N-1, received 1", "E 1 N-1, received 1")
	g.Stop()
	c.expectEnd()
	for i, setting := range g.Env {
		if len(setting) > 17 && setting[:17] == "SOCKET_PROVIDERS=" {
			g.Env[i] = "SOCKET_PROVIDERS=" + gatewaytest.ProvidersOf(providerEntry("ALPHA", `,"session":5`))
		}
	}
	g.Start()
	old := login(t, g.Address, "alpha", "S1", 2)
	old.expect("E 1 N-1, received 1")
	if p := old.packet(); p.Type != soup.TypeEndOfSession {
		t.Fatalf("packet %q", p.Type)
	}
	old.expectEnd()
	now := dial(t, g.Address)
	if a := now.enter(soup.Login{Username: "alpha", Password: "secret", Next: 1}); a.Session != "S5" || a.Next != 1 {
		t.Fatalf("%+v", a)
	}
	now.expectReceived(1)
	now.send(trade(2, "N-2"))
	now.expect("A 2 N-2, received 2", "E 2 N-2, received 2")
}

// Beyond the throttle the gateway reads later. It refuses nothing.
func TestThrottle(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := login(t, g.Address, "slow", "", 1)
	for i := range uint64(25) {
		c.send(trade(i+1, fmt.Sprint("T-", i)))
	}
	for range 50 {
		if a := c.answer(); a.Type() == message.TypeBusinessReject {
			t.Fatal(told(a))
		}
	}
}

// A request for which there is no room is refused as busy and does not count. It is accepted when it is sent again later.
func TestBusy(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "SOCKET_QUEUE_LIMIT=2")
	gatewaytest.StartCore(t, g.Broker)
	c := login(t, g.Address, "alpha", "", 1)
	received, sent := uint64(0), uint64(0)
	testkit.Eventually(t, "all requests", 20*time.Second, func() error {
		for sent = received; sent < 40; sent++ {
			c.send(trade(sent+1, fmt.Sprint("Y-", sent+1)))
		}
		c.nonce++
		c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: 5_000 + c.nonce}})
		for {
			a := c.answer()
			received = max(received, a.Head().Received)
			if a.Head().Sequence == 5_000+c.nonce {
				break
			}
		}
		if received < 40 {
			return fmt.Errorf("received %d", received)
		}
		return nil
	})
}
