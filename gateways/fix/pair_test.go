package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// brief is a lease as in production, for a gateway that another one is to take over from, or that is to start again soon.
const brief = "LEASE_LENGTH=1200ms"

// pair is two instances of the gateway on one broker and one database, and a door that routes as a load balancer does:
// to the one whose /active/<provider> answers 200.
type pair struct {
	t    testing.TB
	both [2]*testGateway
	door net.Listener
}

func startPair(t testing.TB, provider string) *pair {
	t.Helper()
	first := startGateway(t, brief)
	second := newGateway(t)
	second.broker, second.passive = first.broker, true
	for i, setting := range second.env {
		for j, other := range first.env {
			name, _, _ := strings.Cut(setting, "=")
			if (name == "AMQP_URL" || name == "POSTGRES_URL") && strings.HasPrefix(other, name+"=") {
				second.env[i] = first.env[j]
			}
		}
	}
	second.start()
	door, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = door.Close() })
	p := &pair{t: t, both: [2]*testGateway{first, second}, door: door}
	go p.route(provider)
	return p
}

func (p *pair) address() string { return p.door.Addr().String() }

// route serves connections until the door is closed.
func (p *pair) route(provider string) {
	for {
		in, err := p.door.Accept()
		if err != nil {
			return
		}
		go func() {
			defer func() { _ = in.Close() }()
			g := p.active(provider)
			if g == nil {
				return
			}
			out, err := net.Dial("tcp", g.address)
			if err != nil {
				return
			}
			defer func() { _ = out.Close() }()
			go func() { _, _ = io.Copy(out, in); _ = out.Close() }()
			_, _ = io.Copy(in, out)
		}()
	}
}

// active is the instance that serves a provider's session; nil if none says so.
func (p *pair) active(provider string) *testGateway {
	client := http.Client{Timeout: 200 * time.Millisecond}
	for _, g := range p.both {
		answer, err := client.Get("http://" + g.health + "/active/" + provider) //nolint:noctx // bounded by the client
		if err != nil {
			continue
		}
		_ = answer.Body.Close()
		if answer.StatusCode == http.StatusOK {
			return g
		}
	}
	return nil
}

func (p *pair) other(g *testGateway) *testGateway {
	if g == p.both[0] {
		return p.both[1]
	}
	return p.both[0]
}

// takenFrom waits until the other instance serves the session.
func (p *pair) takenFrom(old *testGateway, provider string) *testGateway {
	p.t.Helper()
	var now *testGateway
	testkit.Eventually(p.t, "the takeover", 20*time.Second, func() error {
		if now = p.active(provider); now == nil || now == old {
			return fmt.Errorf("nobody else serves %s", provider)
		}
		return nil
	})
	return now
}

func TestOneOfTwoServesASession(t *testing.T) {
	p := startPair(t, "ALPHA")
	startCore(t, p.both[0].broker)
	holder := p.active("ALPHA")
	passive := p.other(holder)
	status, err := passive.status()
	if err != nil || !status.Ready || status.Counters["provider.ALPHA.active"] != 0 {
		t.Errorf("the passive one: ready %v, active %d, error %v", status.Ready, status.Counters["provider.ALPHA.active"], err)
	}
	refused := newClient(t, "ALPHA").connect(passive.address)
	refused.logon("")
	refused.expectEnd() // without a word, and without moving a number
	c := newClient(t, "ALPHA").reset(p.address())
	c.order("O-1")
	c.expectAnswer(2, "O-1", "A")
	c.expectAnswer(3, "O-1", "2")
}

// The holder is killed with orders under way, again and again: the other one goes on where it was, nothing is lost and
// nothing is done twice.
func TestAKilledHolderIsReplaced(t *testing.T) {
	p := startPair(t, "ALPHA")
	core := startCore(t, p.both[0].broker)
	provider := newTrader(t, "ALPHA")
	provider.connectUntil(p.address(), time.Now().Add(10*time.Second))
	total := 0
	for range 3 {
		for range 100 {
			provider.place(fmt.Sprint("T-", total))
			total++
		}
		wanted := provider.finals() + 30
		_ = provider.handleUntil(func(string) bool { return provider.finals() >= wanted }, 5*time.Second)
		holder := p.active("ALPHA")
		holder.kill()
		killed := time.Now()
		_ = provider.conn.Close()
		provider.connectUntil(p.address(), time.Now().Add(20*time.Second))
		t.Logf("logged on again %d ms after the kill", time.Since(killed).Milliseconds())
		holder.passive = true
		holder.start()
	}
	provider.settle(p.address(), total)
	if distinct, _ := core.requests(); distinct != total {
		t.Errorf("%d events for %d orders", distinct, total)
	}
}

// A holder that is stopped in good order hands the session over: all that was taken is answered there, and the next one
// begins with the next number.
func TestAStoppedHolderHandsOver(t *testing.T) {
	p := startPair(t, "ALPHA")
	startCore(t, p.both[0].broker)
	c := newClient(t, "ALPHA").reset(p.address())
	c.order("H-1")
	c.expectAnswer(2, "H-1", "A")
	c.expectAnswer(3, "H-1", "2")
	holder := p.active("ALPHA")
	began := time.Now()
	stopped := make(chan struct{})
	go func() { holder.stop(); close(stopped) }()
	c.expect("5 34=4 58=the gateway is stopping: log on again in a moment")
	c.expectEnd()
	p.takenFrom(holder, "ALPHA")
	t.Logf("served by the other one %d ms after the signal", time.Since(began).Milliseconds())
	<-stopped
	c.connect(p.address())
	c.logon("")
	c.expect("A 34=5 98=0 108=30")
	c.order("H-2")
	c.expectAnswer(6, "H-2", "A")
	c.expectAnswer(7, "H-2", "2")
}

// A holder that was frozen for longer than its lease wakes up and goes on: what it does then reaches neither the store nor
// the provider, and it says so.
func TestAFrozenHolderWritesNothingWhenItWakes(t *testing.T) {
	p := startPair(t, "ALPHA")
	startCore(t, p.both[0].broker)
	old := newClient(t, "ALPHA")
	old.reset(p.address())
	holder := p.active("ALPHA")
	pool := p.both[0].database()
	defer pool.Close()
	testkit.Eventually(t, "the logon to be counted in the store", 10*time.Second, func() error {
		var in int
		err := pool.QueryRow(t.Context(), "select next_in from session where name like '%->ALPHA'").Scan(&in)
		if err == nil && in != 2 {
			err = fmt.Errorf("%d comes next", in)
		}
		return err
	})
	if err := holder.process.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	thawed := false
	thaw := func() {
		if !thawed {
			thawed = true
			_ = holder.process.Process.Signal(syscall.SIGCONT)
		}
	}
	t.Cleanup(thaw)
	old.send("D", order("Z-1")) // lies in the frozen one's socket
	p.takenFrom(holder, "ALPHA")
	c := newClient(t, "ALPHA")
	c.next = old.next
	c.connect(p.address())
	c.logon("")
	c.expect("A 34=2 98=0 108=30") // the first thing that it says, on the store's number
	thaw()
	old.expectEnd()
	testkit.Eventually(t, "what the frozen one says", 10*time.Second, func() error {
		if log := holder.log.String(); !strings.Contains(log, "lease ends") || !strings.Contains(log, "ALPHA") {
			return fmt.Errorf("nothing yet")
		}
		return nil
	})
	asked := c.read() // the order that went into the frozen one is asked for
	if got := pick(asked, "7", "16"); got != "2 7=2 16=0" {
		t.Fatalf("got %s", asked)
	}
	c.write(c.message("D", 2, "43=Y|122="+now()+"|", order("Z-1")))
	c.write(c.message("4", 3, "43=Y|122="+now()+"|", "123=Y|36=4|"))
	want := 2 // pending and final
	if first := c.read(); pick(first, "34", "11", "39") == "8 34=4 11=Z-1 39=2" {
		want = 1 // the frozen one had handed the order on when it woke: it ended before it was pending here
	} else if pick(first, "34", "11", "39") != "8 34=4 11=Z-1 39=A" {
		t.Fatalf("got %s", first)
	} else {
		c.expectAnswer(5, "Z-1", "2")
	}
	var stored int
	row := pool.QueryRow(t.Context(), "select count(*) from message where encode(body, 'escape') like '%11=Z-1%'")
	if err := row.Scan(&stored); err != nil || stored != want {
		t.Errorf("%d messages about the order are stored, error %v; want %d", stored, err, want)
	}
}
