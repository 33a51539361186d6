package main

import (
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/amqp"
	"fxcore/lambda/testkit"
)

// trader is a provider that keeps the session rules by itself. It sends its orders again when asked, asks for the messages that
// it misses, and counts the answers to its orders. It may use any number of connections.
type trader struct {
	*client
	expected int            // next MsgSeqNum from the gateway
	sent     map[int]string // bodies of our orders by number
	pending  map[string]int
	final    map[string]int
}

func newTrader(t *testing.T, id string) *trader {
	return &trader{client: newClient(t, id), expected: 1, sent: map[int]string{}, pending: map[string]int{}, final: map[string]int{}}
}

func (p *trader) place(reference string) {
	body := order(reference)
	p.sent[p.next] = body
	raw := p.message("D", p.next, "", body)
	p.next++
	_, _ = p.conn.Write([]byte(raw)) // a dead connection is found by reading
}

// connectUntil tries to log on until that works.
func (p *trader) connectUntil(address string, deadline time.Time) {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for ; time.Now().Before(deadline); <-again.C {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			continue
		}
		p.over(conn)
		raw := p.message("A", p.next, "", "98=0|108=30|553="+p.user+"|554="+p.secret+"|")
		p.next++
		_, _ = conn.Write([]byte(raw))
		if p.handleUntil(func(string) bool { return true }, 3*time.Second) == nil {
			return
		}
		_ = conn.Close()
	}
	p.t.Fatal("no logon in time")
}

// handleUntil takes messages until one of a type satisfies done.
func (p *trader) handleUntil(done func(msgType string) bool, within time.Duration) error {
	for {
		raw, err := p.readRaw(within)
		if err != nil {
			return err
		}
		msgType := string(wire.Value(raw, "35="))
		p.take(raw, msgType)
		if done(msgType) {
			return nil
		}
	}
}

// take follows the sequence. A number that is too low is a repeat. If a number is too high, take asks for what is missing.
func (p *trader) take(raw []byte, msgType string) {
	seq := wire.SeqNum(raw)
	switch {
	case msgType == "2":
		p.resend(raw)
	case msgType == "4":
		p.expected = max(p.expected, number(raw, "36="))
		return
	}
	switch {
	case seq < p.expected:
		if string(wire.Value(raw, "43=")) != "Y" {
			p.t.Errorf("%s: %d came again without PossDupFlag: %s", p.id, seq, told(raw))
		}
		return
	case seq > p.expected:
		body := fmt.Sprintf("7=%d|16=0|", p.expected)
		_, _ = p.conn.Write([]byte(p.message("2", p.next, "", body)))
		p.next++
		return
	}
	p.expected++
	if msgType == "8" {
		reference := string(wire.Value(raw, "11="))
		if string(wire.Value(raw, "39=")) == "A" {
			p.pending[reference]++
			if p.final[reference] > 0 {
				p.t.Errorf("%s: pending after final", reference)
			}
		} else {
			p.final[reference]++
		}
	}
}

func number(raw []byte, tag string) int {
	n, _ := strconv.Atoi(string(wire.Value(raw, tag)))
	return n
}

// resend sends our orders again. It fills the gaps where our messages of the session itself were.
func (p *trader) resend(request []byte) {
	var out strings.Builder
	end := p.next
	for seq := number(request, "7="); seq < end; seq++ {
		if body, isOrder := p.sent[seq]; isOrder {
			out.WriteString(p.message("D", seq, "43=Y|122="+now()+"|", body))
		} else {
			out.WriteString(p.message("4", seq, "43=Y|122="+now()+"|", fmt.Sprintf("123=Y|36=%d|", seq+1)))
		}
	}
	_, _ = p.conn.Write([]byte(out.String()))
}

func (p *trader) finals() int { return len(p.final) }

// settle waits until all orders have their final answer. It logs on again as often as needed.
func (p *trader) settle(address string, want int) {
	deadline := time.Now().Add(60 * time.Second)
	for p.finals() < want && time.Now().Before(deadline) {
		if err := p.handleUntil(func(string) bool { return p.finals() >= want }, 3*time.Second); err != nil {
			_ = p.conn.Close()
			p.connectUntil(address, deadline)
		}
	}
	if p.finals() < want {
		p.t.Errorf("%d of %d orders have their final answer", p.finals(), want)
	}
	for reference, n := range p.final {
		if n != 1 {
			p.t.Errorf("%s has %d final answers", reference, n)
		}
	}
	for reference, n := range p.pending {
		if n > 1 {
			p.t.Errorf("%s was pending %d times", reference, n)
		}
	}
}

// The gateway is killed again and again while orders come in. Each order gets one final answer and becomes one event, however
// often it was sent.
func TestKilledInMidFlow(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	core := gatewaytest.StartCore(t, g.Broker)
	p := newTrader(t, "ALPHA")
	p.connectUntil(g.Address, time.Now().Add(time.Minute))
	total := 0
	for round := range 4 {
		for range 150 {
			p.place(fmt.Sprint("K-", total))
			total++
		}
		wanted := p.finals() + rand.IntN(80) //nolint:gosec // a test's dice
		_ = p.handleUntil(func(string) bool { return p.finals() >= wanted }, 5*time.Second)
		if round == 3 {
			g.Stop() // the last time in good order
		} else {
			g.Kill()
		}
		_ = p.conn.Close()
		g.Start()
		p.connectUntil(g.Address, time.Now().Add(time.Minute))
	}
	p.settle(g.Address, total)
	if distinct, _ := core.Requests(); distinct != total {
		t.Errorf("%d events for %d orders", distinct, total)
	}
}

// The gateway is killed while it holds requests that the broker does not have. It asks the provider for them again.
func TestKilledBeforeTheBrokerHasThem(t *testing.T) {
	t.Parallel()
	g, core, broker := startBehind(t, "AMQP_URL=")
	p := newTrader(t, "ALPHA")
	p.connectUntil(g.Address, time.Now().Add(time.Minute))
	broker.Cut()
	for i := range 20 {
		p.place(fmt.Sprint("H-", i))
	}
	g.Counter("provider.ALPHA.queue", 20)
	p.send("1", "112=the reply is stored with our numbers|")
	if err := p.handleUntil(func(msgType string) bool { return msgType == "0" }, time.Minute); err != nil {
		t.Fatal(err)
	}
	g.Kill()
	broker.Heal()
	g.Start()
	p.connectUntil(g.Address, time.Now().Add(time.Minute))
	p.settle(g.Address, 20)
	if distinct, _ := core.Requests(); distinct != 20 {
		t.Errorf("%d events for 20 orders", distinct)
	}
}

// While the broker is away the session stays up. The gateway holds requests up to the bound and refuses the others. When the
// broker is back, the held ones are answered.
func TestBrokerAway(t *testing.T) {
	t.Parallel()
	g, _, broker := startBehind(t, "AMQP_URL=", "FIX_QUEUE_LIMIT=10")
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("B-0", 2)
	broker.Cut()
	for i := range 10 {
		c.order(fmt.Sprint("B-", i+1))
	}
	c.send("1", "112=still here|")
	c.expect("0 34=4 112=still here")
	c.order("B-11")
	got := c.read()
	if pick(got, "34", "372", "379", "380") != "j 34=5 372=D 379=B-11 380=4" {
		t.Errorf("got %s", got)
	}
	g.Counter("provider.ALPHA.queue", 10)
	broker.Heal()
	states := map[string]string{}
	for len(states) < 10 || strings.Contains(fmt.Sprint(states), "A") {
		got := c.read()
		states[pick(got, "11")] += strings.TrimPrefix(pick(got, "39"), "8 39=")
		if strings.HasSuffix(states[pick(got, "11")], "2") {
			if states[pick(got, "11")] != "A2" {
				t.Errorf("%s: %s", pick(got, "11"), states[pick(got, "11")])
			}
			states[pick(got, "11")] = "done"
		}
	}
	c.deal("B-12", 26)
}

// While Postgres is away nothing goes out that is not durable. When it is back everything does, once.
func TestPostgresAway(t *testing.T) {
	t.Parallel()
	g, _, database := startBehind(t, "POSTGRES_URL=", "FIX_STORE_PATIENCE=60s", "LEASE_LENGTH=60s")
	c := newClient(t, "ALPHA").reset(g.Address)
	database.Cut()
	c.order("P-1")
	c.send("1", "112=held|")
	c.expectSilence()
	database.Heal()
	seen := map[string]bool{}
	for range 3 {
		got := c.read()
		seen[pick(got, "11", "39", "112")] = true
	}
	for _, want := range []string{"8 11=P-1 39=A", "8 11=P-1 39=2", "0 112=held"} {
		if !seen[want] {
			t.Errorf("no %s in %v", want, seen)
		}
	}
}

// When Postgres is away for too long the session ends. The provider finds its answer when it comes back.
func TestPostgresAwayForTooLong(t *testing.T) {
	t.Parallel()
	g, _, database := startBehind(t, "POSTGRES_URL=", "FIX_STORE_PATIENCE=5s", "LEASE_LENGTH=60s")
	c := newClient(t, "ALPHA").reset(g.Address)
	database.Cut()
	c.order("P-1")
	c.expectEnd()
	database.Heal()
	g.Counter("provider.ALPHA.next_out", 4)
	c.resume(g.Address)
	c.send("2", "7=2|16=0|")
	c.expect("4 34=2 43=Y 36=3 123=Y") // the pending answer is stale
	if got := pick(c.read(), "43", "11", "39"); got != "8 43=Y 11=P-1 39=2" {
		t.Errorf("got %s", got)
	}
}

// When Postgres is away for longer than a lease lasts, the instance loses the session with answers in its hands. The next holder
// tells each answer once: for each order first that it is pending. None is in the error queue.
func TestPostgresAwayForLongerThanALease(t *testing.T) {
	g, core, database := startBehind(t, "POSTGRES_URL=", gatewaytest.Brief, "FIX_STORE_PATIENCE=60s")
	p := newTrader(t, "ALPHA")
	p.connectUntil(g.Address, time.Now().Add(time.Minute))
	database.Cut()
	const orders = 5
	for i := range orders {
		p.place(fmt.Sprint("P-", i))
	}
	if err := p.handleUntil(func(string) bool { return p.finals() > 0 }, time.Minute); err == nil {
		t.Error("a final answer came that cannot be stored")
	}
	database.Heal()
	p.connectUntil(g.Address, time.Now().Add(time.Minute))
	p.settle(g.Address, orders)
	var pending int // those of which the provider asks again are stale by now
	row := g.Database().QueryRow(t.Context(), "select count(*) from message where encode(body, 'escape') like '%39=A%'")
	if err := row.Scan(&pending); err != nil || pending != orders {
		t.Errorf("%d of %d orders were said to be pending, error %v", pending, orders, err)
	}
	if n, _, err := core.Bus.Depth(t.Context(), amqp.ErrorQueue); err != nil || n != 0 {
		t.Errorf("%d messages in the error queue, %v", n, err)
	}
}

// Another instance has taken one provider's session. Here the session ends: nothing more is sent or stored, and the health says
// why. The other sessions go on.
func TestAFencedSessionEnds(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c, other := newClient(t, "ALPHA").reset(g.Address), newClient(t, "GAMMA").reset(g.Address)
	pool := g.Database()
	if _, err := pool.Exec(t.Context(), "update session set epoch = epoch + 1 where name like '%->ALPHA'"); err != nil {
		t.Fatal(err)
	}
	c.order("F-1")
	c.expectEnd()
	testkit.Eventually(t, "the reason", time.Minute, func() error {
		status, err := g.Status()
		if err != nil {
			return err
		}
		if why := status.Reasons["session ALPHA"]; !strings.Contains(why, "another instance holds the session") {
			return fmt.Errorf("reasons %v", status.Reasons)
		}
		return nil
	})
	other.deal("F-2", 2)
}

// startBehind starts a gateway, and a core beside it. The gateway reaches one of its servers through a proxy: the variable's.
func startBehind(t *testing.T, variable string, settings ...string) (*gatewaytest.Gateway, *gatewaytest.Core, *testkit.Proxy) {
	t.Helper()
	g := newGateway(t, settings...)
	proxy := g.Through(variable)
	g.Start()
	return g, gatewaytest.StartCore(t, g.Broker), proxy
}

// An event that is delivered again is not told again. The provider gets the answer that follows it in the queue.
func TestAnEventComesTwice(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	core := gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("T-1", 2)
	core.SayAgain(t)
	c.deal("T-2", 4)
	g.Kill()
	g.Start()
	if got := pick(c.resume(g.Address), "34"); got != "A 34=6" {
		t.Errorf("got %s", got)
	}
	core.SayAgain(t)
	c.deal("T-3", 7)
}
