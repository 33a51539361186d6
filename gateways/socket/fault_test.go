package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/socket/client"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/testkit"
)

// trader is a provider that uses our own client. It notes the answers to each request in order, and the number of the last one.
type trader struct {
	t      testing.TB
	client *client.Client
	done   chan struct{}

	mu    sync.Mutex
	told  map[string]string // by reference: A pending, E executed …
	last  uint64
	error error
}

func startTrader(t testing.TB, address, user string, point client.Point) *trader {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c, err := client.Dial(ctx, address, client.Credentials{Username: user, Password: "secret"}, point, client.WithPause(10*time.Millisecond, 100*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	tr := &trader{t: t, client: c, done: make(chan struct{}), told: map[string]string{}, last: point.Next - 1}
	go tr.read()
	t.Cleanup(tr.close)
	return tr
}

func (tr *trader) close() { tr.client.Close(); <-tr.done }

func (tr *trader) read() {
	defer close(tr.done)
	for {
		m, err := tr.client.Next(context.Background())
		if err != nil {
			if !errors.Is(err, client.ErrClosed) {
				tr.fail(err)
			}
			return
		}
		a, err := m.Answer()
		if err != nil || m.Number != tr.last+1 {
			tr.fail(fmt.Errorf("message %d after %d: %w", m.Number, tr.last, err))
		}
		tr.mu.Lock()
		tr.last = m.Number
		if h := a.Head(); h.Reference != "" {
			tr.told[h.Reference] += string(rune(a.Type()))
		}
		tr.mu.Unlock()
	}
}

func (tr *trader) fail(err error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.error = errors.Join(tr.error, err)
}

func (tr *trader) send(references ...string) {
	tr.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for _, r := range references {
		if _, err := tr.client.Send(ctx, trade(0, r)); err != nil {
			tr.t.Fatal(err)
		}
	}
}

// finals counts the requests that have their final answer.
func (tr *trader) finals() (n int) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	for _, told := range tr.told {
		if told[len(told)-1] == 'E' {
			n++
		}
	}
	return n
}

// settle waits until all requests have their final answer. It checks that each was pending once and executed once. A request that
// was sent again after a crash may have got its answer again.
func (tr *trader) settle(total int) {
	tr.t.Helper()
	testkit.Eventually(tr.t, "all answers", 60*time.Second, func() error {
		if n := tr.finals(); n < total {
			return fmt.Errorf("%d of %d", n, total)
		}
		return nil
	})
	tr.mu.Lock()
	defer tr.mu.Unlock()
	if tr.error != nil {
		tr.t.Error(tr.error)
	}
	for reference, told := range tr.told {
		if told != "AE" && told != "AEE" {
			tr.t.Errorf("%s was told %s", reference, told)
		}
	}
}

func numbered(prefix string, from, n int) (references []string) {
	for i := range n {
		references = append(references, fmt.Sprint(prefix, from+i))
	}
	return references
}

// The holder is killed with requests under way, again and again. The provider goes on at the other instance. Its messages have no
// gap and no repeat, no request is lost, and none is done twice.
func TestAKilledHolderIsReplaced(t *testing.T) {
	p := startPair(t, "ALPHA")
	core := gatewaytest.StartCore(t, p.Both[0].Broker)
	tr := startTrader(t, p.Address(), "alpha", client.Point{Next: 1})
	total := 0
	for range 3 {
		tr.send(numbered("K-", total, 100)...)
		total += 100
		wanted := tr.finals() + 30
		testkit.Eventually(t, "some answers", 20*time.Second, func() error {
			if n := tr.finals(); n < min(wanted, total) {
				return fmt.Errorf("%d", n)
			}
			return nil
		})
		holder := p.Active("ALPHA")
		if holder == nil {
			t.Fatal("nobody serves the session")
		}
		holder.Kill()
		p.TakenFrom(holder, "ALPHA")
		holder.Passive = true
		holder.Start()
	}
	tr.settle(total)
	if distinct, _ := core.Requests(); distinct != total {
		t.Errorf("%d events for %d requests", distinct, total)
	}
	pool := p.Both[0].Database()
	var gaps int
	row := pool.QueryRow(t.Context(), "select max(seq) - count(*) from message")
	if err := row.Scan(&gaps); err != nil || gaps != 0 {
		t.Errorf("%d numbers are missing in the store, error %v", gaps, err)
	}
}

// A single gateway is killed at random moments while it trades. Most of its time lies between commit and acknowledgement, so this
// hits that moment too. At the end the core publishes all its events once more.
func TestKilledAtAnyMoment(t *testing.T) {
	g := startGateway(t, gatewaytest.Brief)
	core := gatewaytest.StartCore(t, g.Broker)
	tr := startTrader(t, g.Address, "alpha", client.Point{Next: 1})
	total := 0
	for range 4 {
		sent := make(chan struct{})
		go func() { defer close(sent); tr.send(numbered("M-", total, 60)...) }()
		timer := time.NewTimer(time.Duration(rand.IntN(80)) * time.Millisecond)
		<-timer.C
		g.Kill()
		g.Start()
		<-sent
		total += 60
	}
	tr.settle(total)
	core.SayAgain(t)
	tr.send("LAST")
	tr.settle(total + 1)
	if distinct, _ := core.Requests(); distinct != total+1 {
		t.Errorf("%d events for %d requests", distinct, total+1)
	}
}

// A holder that is stopped in good order has answered all that it took. The next holder goes on with the next number.
func TestAStoppedHolderHandsOver(t *testing.T) {
	p := startPair(t, "ALPHA")
	gatewaytest.StartCore(t, p.Both[0].Broker)
	tr := startTrader(t, p.Address(), "alpha", client.Point{Next: 1})
	tr.send(numbered("H-", 0, 50)...)
	holder := p.Active("ALPHA")
	holder.Stop()
	p.TakenFrom(holder, "ALPHA")
	tr.send(numbered("H-", 50, 50)...)
	tr.settle(100)
}

// The next holder of a session knows which requests are undecided, and since when.
func TestANewHolderKnowsWhatIsUndecided(t *testing.T) {
	p := startPair(t, "ALPHA")
	core := gatewaytest.StartCore(t, p.Both[0].Broker)
	c := login(t, p.Address(), "alpha", "S1", 1)
	c.send(trade(1, "N-1"))
	c.expect("A 1 N-1, received 1", "E 1 N-1, received 1")
	release := core.Pause()
	defer release()
	c.send(trade(2, "N-2"))
	c.expect("A 2 N-2, received 2")
	holder := p.Active("ALPHA")
	holder.Kill()
	p.TakenFrom(holder, "ALPHA")
	c = login(t, p.Address(), "alpha", "S1", c.next)
	for reference, want := range map[string]string{"N-1": "decided by 2", "N-2": "undecided by 0", "N-3": "unknown by 0"} {
		c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: 77, Reference: reference}, Subject: message.Trade})
		c.expect(fmt.Sprintf("I 77 %s, received 2 %s", reference, want))
	}
	release()
	c.expect("E 2 N-2, received 2")
}

// A holder that was frozen for longer than its lease wakes up. What it does then reaches neither the store nor the provider.
func TestAFrozenHolderWritesNothingWhenItWakes(t *testing.T) {
	p := startPair(t, "ALPHA")
	gatewaytest.StartCore(t, p.Both[0].Broker)
	old := login(t, p.Address(), "alpha", "", 1)
	old.expectReceived(0)
	holder := p.Active("ALPHA")
	thaw := holder.Freeze()
	old.send(trade(1, "Z-1")) // lies in the frozen one's socket
	p.TakenFrom(holder, "ALPHA")
	now := login(t, p.Address(), "alpha", "S1", 2)
	now.nonce = 1
	now.expectReceived(0)
	thaw()
	old.expectEnd()
	now.send(trade(1, "Z-1"))
	now.expect("A 1 Z-1, received 1", "E 1 Z-1, received 1")
	pool := p.Both[0].Database()
	var rows int
	if err := pool.QueryRow(t.Context(), "select count(*) from message").Scan(&rows); err != nil || rows != 4 {
		t.Errorf("%d messages are stored, error %v; want two answers to how far, pending and final", rows, err)
	}
}

// Bytes that are no packet end their own connection and no other. Another provider trades meanwhile.
func TestWhatIsNoPacketEndsItsConnectionAlone(t *testing.T) {
	g := startGateway(t, gatewaytest.Brief, "SOCKET_LOGIN_TIMEOUT=2s")
	gatewaytest.StartCore(t, g.Broker)
	tr := startTrader(t, g.Address, "beta", client.Point{Next: 1})
	good, err := soup.Login{Username: "alpha", Password: "secret"}.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	garbage := make([]byte, 4_000)
	for i := range garbage {
		garbage[i] = byte(rand.IntN(256))
	}
	garbage[0], garbage[1] = 0xff, 0xff
	for name, sent := range map[string][]byte{
		"half a login": good[:20], "nothing": nil, "length zero": {0, 0}, "64 KiB announced": {0xff, 0xff, 'U'}, "garbage": garbage,
		"HTTP": []byte("GET / HTTP/1.1\r\n\r\n"), "data before the login": {0, 2, 'U', 'x'},
		"length zero after the login": slices.Concat(good, []byte{0, 0}),
		"a second login":              slices.Concat(good, good),
		"an empty message":            slices.Concat(good, []byte{0, 1, 'U'}),
		"a message that is too long":  slices.Concat(good, []byte{0x08, 0x02, 'U'}, make([]byte, 2049)),
		"a heartbeat with a payload":  slices.Concat(good, []byte{0, 2, 'R', 'x'}),
		"a packet of the server's":    slices.Concat(good, []byte{0, 1, 'H'}),
		"garbage after the login":     slices.Concat(good, garbage),
	} {
		c := dial(t, g.Address)
		c.write(sent)
		for {
			p, err := c.reader.Next()
			if errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) {
				break
			}
			if err != nil {
				t.Errorf("%s: %v", name, err)
				break
			}
			if p.Type == soup.TypeSequenced {
				t.Errorf("%s: an answer", name)
			}
		}
	}
	tr.send(numbered("G-", 0, 20)...)
	tr.settle(20)
}

// Two thousand connections that never log in do not disturb a provider: it keeps its session and gets all its answers.
func TestACrowdThatNeverLogsIn(t *testing.T) {
	g := startGateway(t, gatewaytest.Brief)
	gatewaytest.StartCore(t, g.Broker)
	tr := startTrader(t, g.Address, "alpha", client.Point{Next: 1})
	var crowd []net.Conn
	defer func() {
		for _, c := range crowd {
			_ = c.Close()
		}
	}()
	for range 2_000 {
		conn, err := net.Dial("tcp", g.Address)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte{0, 47, 'L'}) // half a login; it may have been turned away already
		crowd = append(crowd, conn)
	}
	tr.send(numbered("C-", 0, 100)...)
	testkit.Eventually(t, "a crowd that is no larger than allowed", 20*time.Second, func() error { // once all have been seen
		status, err := g.Status()
		if err == nil && status.Counters["front.waiting"] > 50 {
			err = fmt.Errorf("%d wait", status.Counters["front.waiting"])
		}
		return err
	})
	tr.settle(100)
}

// The gateway disconnects a provider that does not read. The provider finds all its answers when it comes back.
func TestASlowReader(t *testing.T) {
	g := startGateway(t, "SOCKET_WRITE_TIMEOUT=1s")
	c := dial(t, g.Address)
	if err := c.conn.(*net.TCPConn).SetReadBuffer(4 << 10); err != nil {
		t.Fatal(err)
	}
	c.enter(soup.Login{Username: "alpha", Password: "secret", Next: 1})
	question, err := message.AppendRequest(nil, &message.StatusRequest{RequestHead: message.RequestHead{Sequence: 1}})
	if err != nil {
		t.Fatal(err)
	}
	packet, _ := soup.Append(nil, soup.TypeUnsequenced, question)
	var many []byte
	for range 1_000 {
		many = append(many, packet...)
	}
	sent := 0
	for ; sent < 400_000; sent += 1_000 {
		_ = c.conn.SetWriteDeadline(time.Now().Add(time.Minute)) // a busy gateway may take long to read so many
		if _, err := c.conn.Write(many); err != nil {
			break
		}
	}
	g.Counter("provider.ALPHA.logged_on", 0)
	status, err := g.Status()
	if err != nil {
		t.Fatal(err)
	}
	told := status.Counters["provider.ALPHA.next_out"] - 1
	again := login(t, g.Address, "alpha", "S1", 1)
	for range told {
		again.answer()
	}
	if told == 0 || again.next != uint64(told)+1 {
		t.Errorf("%d answers of %d", again.next-1, told)
	}
}

// An instance that does not serve a session says that the session is not available.
func TestOneOfTwoServesASession(t *testing.T) {
	p := startPair(t, "ALPHA")
	holder := p.Active("ALPHA")
	passive := p.Other(holder)
	c := dial(t, passive.Address)
	c.login(soup.Login{Username: "alpha", Password: "secret"})
	c.expectRejected(soup.SessionNotAvailable)
	answer, err := http.Get("http://" + passive.Health + "/active/ALPHA") //nolint:noctx // ends by itself
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		t.Error("the passive one says that it serves the session")
	}
}
