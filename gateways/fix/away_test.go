package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

// The broker is away from the gateway for at least this long, and for at least so many heartbeats of the gateway to the provider.
// This is longer than three of the gateway's heartbeats to the broker.
const (
	awayFor   = 30 * time.Second
	beatsAway = 4
)

// outage makes the broker unreachable for the gateway alone, and reachable again.
type outage struct {
	begin, end func()
	reason     string // what the gateway's health says meanwhile
}

// outages returns the kinds of outage. Each is prepared for a gateway that has not started.
func outages() map[string]func(t *testing.T, g *gatewaytest.Gateway) outage {
	return map[string]func(t *testing.T, g *gatewaytest.Gateway) outage{
		"the connection is reset": func(t *testing.T, g *gatewaytest.Gateway) outage {
			broker := g.Through("AMQP_URL=")
			return outage{broker.Cut, broker.Heal, "publishing: dial broker"}
		},
		"the network swallows everything": func(t *testing.T, g *gatewaytest.Gateway) outage {
			broker := g.Through("AMQP_URL=")
			return outage{broker.Freeze, broker.Heal, "publishing: "}
		},
		"the broker has no memory": func(t *testing.T, g *gatewaytest.Gateway) outage {
			broker := testkit.OwnBroker(t)
			g.Env, g.Broker = append(g.Env, "AMQP_URL="+broker.URL), broker.URL
			return outage{broker.Alarm, broker.Calm, "publishing: broker takes no messages"}
		},
	}
}

// The broker is away for half a minute while the provider goes on sending. Its session stays, and heartbeats go on. The gateway
// holds requests up to the bound, and the stored incoming number does not pass the first of them. It refuses the requests beyond
// the bound, with the reason. When the broker is back, each held request is answered once, and the provider may send the refused
// ones again.
func TestHalfAMinuteWithoutTheBroker(t *testing.T) {
	t.Parallel()
	for name, prepare := range outages() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t, "FIX_QUEUE_LIMIT=10", "LEASE_LENGTH=60s", "FIX_STORE_PATIENCE=60s") // three of these at once leave a small machine little time
			away := prepare(t, g)
			g.Start()
			core := gatewaytest.StartCore(t, g.Broker)
			p := newPatient(t, g.Address)
			p.ask(t, 1)
			p.until(t, "the first answer", time.Minute, func() error { return p.answered(1) })

			p.during(t, "the broker to be away", away.begin)
			firstHeld := p.next
			p.ask(t, 10)
			refused := p.sendThroughout(t, g, firstHeld)
			status, err := g.Status()
			if why := status.Reasons["amqp"]; err != nil || !strings.Contains(why, away.reason) || status.Counters["provider.ALPHA.queue"] != 10 {
				t.Errorf("the gateway says %q, error %v, and holds %d", why, err, status.Counters["provider.ALPHA.queue"])
			}
			if len(p.pending) != 1 || len(p.final) != 1 {
				t.Errorf("%d pending and %d final answers without the broker", len(p.pending), len(p.final))
			}

			p.during(t, "the broker to be there", away.end)
			p.until(t, "answers to all that was held", time.Minute, func() error { return p.answered(11) })
			for _, reference := range refused {
				p.order(reference)
			}
			p.until(t, "answers to what was refused", time.Minute, func() error { return p.answered(11 + len(refused)) })
			p.expectEachOnce(t)
			if distinct, _ := core.Requests(); distinct != 11+len(refused) {
				t.Errorf("%d events for %d requests", distinct, 11+len(refused))
			}
		})
	}
}

// patient is a provider that stays on one connection whatever happens. It counts what it receives.
type patient struct {
	*client
	asked      int
	heartbeats int
	busy       []string // references that there was no room for
	pending    map[string]int
	final      map[string]int
	beat       time.Time
}

// shortBeat is its HeartBtInt(108). The gateway ends the session if the provider is silent for more than twice as long, so it
// leaves a busy machine some time.
const shortBeat = 6 * time.Second

func newPatient(t *testing.T, address string) *patient {
	t.Helper()
	p := &patient{client: newClient(t, "ALPHA"), pending: map[string]int{}, final: map[string]int{}, beat: time.Now()}
	p.connect(address)
	p.send("A", "98=0|108=6|141=Y|553=alpha|554=secret|")
	p.expect("A 34=1 98=0 108=6 141=Y")
	return p
}

func (p *patient) ask(t *testing.T, n int) {
	t.Helper()
	for range n {
		p.asked++
		p.order(fmt.Sprint("W-", p.asked))
	}
}

// listen takes messages for a moment, and keeps the session alive.
func (p *patient) listen(t *testing.T) {
	t.Helper()
	if time.Since(p.beat) > shortBeat/2 {
		p.beat = time.Now()
		p.send("0", "")
	}
	for {
		raw, err := p.readRaw(100 * time.Millisecond)
		if isTimeout(err) {
			return
		}
		if err != nil {
			t.Fatalf("the session has ended: %v", err)
		}
		p.take(t, raw)
	}
}

func (p *patient) take(t *testing.T, raw []byte) {
	t.Helper()
	reference := string(wire.Value(raw, "11="))
	switch kind := string(wire.Value(raw, "35=")); {
	case kind == "0":
		p.heartbeats++
	case kind == "1":
		p.send("0", "112="+string(wire.Value(raw, "112="))+"|")
	case kind == "8" && string(wire.Value(raw, "39=")) == "A":
		p.pending[reference]++
	case kind == "8" && string(wire.Value(raw, "39=")) == "2":
		p.final[reference]++
	case kind == "j" && string(wire.Value(raw, "380=")) == "4" && len(wire.Value(raw, "58=")) > 0:
		p.busy = append(p.busy, string(wire.Value(raw, "379=")))
	default:
		t.Errorf("got %s", told(raw))
	}
}

func (p *patient) until(t *testing.T, what string, within time.Duration, check func() error) {
	t.Helper()
	testkit.Eventually(t, what, within, func() error {
		p.listen(t)
		return check()
	})
}

// during keeps the session alive while do runs. That may take longer than the gateway waits for a heartbeat.
func (p *patient) during(t *testing.T, what string, do func()) {
	t.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	p.until(t, what, time.Minute, func() error {
		select {
		case <-done:
			return nil
		default:
			return errors.New("not yet")
		}
	})
}

func (p *patient) answered(n int) error {
	if len(p.final) < n {
		return fmt.Errorf("%d answers of %d", len(p.final), n)
	}
	return nil
}

// sendThroughout sends one more request after each heartbeat of the gateway, for as long as the broker is away. The gateway must
// refuse them all, and sendThroughout returns them. firstHeld is the number of the first request that the broker cannot have.
func (p *patient) sendThroughout(t *testing.T, g *gatewaytest.Gateway, firstHeld int) (refused []string) {
	t.Helper()
	p.until(t, "all to be held", time.Minute, func() error { return g.Counts("provider.ALPHA.queue", 10) })
	store := g.Database()
	began := time.Now()
	for beats := 0; beats < beatsAway || time.Since(began) < awayFor; beats++ {
		heard := p.heartbeats
		p.ask(t, 1)
		p.until(t, "a heartbeat", time.Minute, func() error {
			if p.heartbeats == heard {
				return errors.New("none")
			}
			return nil
		})
		var stored int
		row := store.QueryRow(t.Context(), "select next_in from session where name like '%->ALPHA'")
		if err := row.Scan(&stored); err != nil || stored > firstHeld {
			t.Fatalf("the stored incoming number is %d, error %v: the broker has nothing from %d on", stored, err, firstHeld)
		}
	}
	sent := p.asked - 11
	p.until(t, "a refusal of each", time.Minute, func() error {
		if len(p.busy) < sent {
			return fmt.Errorf("%d of %d", len(p.busy), sent)
		}
		return nil
	})
	return p.busy
}

// expectEachOnce checks that each request has one pending and one final answer.
func (p *patient) expectEachOnce(t *testing.T) {
	t.Helper()
	for reference, n := range p.final {
		if n != 1 || p.pending[reference] != 1 {
			t.Errorf("%s was pending %d times and has %d final answers", reference, p.pending[reference], n)
		}
	}
}

// The gateway is killed (-9) when it has stored and sent an answer, and before the broker has its acknowledgement. The event
// comes again. The gateway finds it in its inbox, and sends the provider nothing more.
func TestKilledBeforeTheAcknowledgement(t *testing.T) {
	t.Parallel()
	g, core, broker := startBehind(t, "AMQP_URL=")
	c := newClient(t, "ALPHA").reset(g.Address)
	decide := core.Pause()
	c.order("L-1")
	c.expectAnswer(2, "L-1", "A")
	broker.Deafen()
	decide()
	c.expectAnswer(3, "L-1", "2")
	g.Kill()
	broker.Cut()
	waiting := func(want int) func() error {
		return func() error {
			n, _, err := core.Bus.Depth(t.Context(), "fix.alpha")
			if err == nil && n != want {
				err = fmt.Errorf("%d messages", n)
			}
			return err
		}
	}
	testkit.Eventually(t, "the answer to lie in the queue again", 20*time.Second, waiting(1))
	broker.Heal()
	g.Start()
	if got := pick(c.resume(g.Address), "34"); got != "A 34=4" {
		t.Errorf("got %s", got)
	}
	testkit.Eventually(t, "the answer to be acknowledged", 20*time.Second, waiting(0)) // and it is not told again
	c.deal("L-2", 5)
}
