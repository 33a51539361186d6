package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

func TestOneOfTwoServesASession(t *testing.T) {
	t.Parallel()
	p := startPair(t, "ALPHA")
	gatewaytest.StartCore(t, p.Both[0].Broker)
	holder := p.Active("ALPHA")
	passive := p.Other(holder)
	status, err := passive.Status()
	if err != nil || !status.Ready || status.Counters["provider.ALPHA.active"] != 0 {
		t.Errorf("the passive one: ready %v, active %d, error %v", status.Ready, status.Counters["provider.ALPHA.active"], err)
	}
	refused := newClient(t, "ALPHA").connect(passive.Address)
	refused.logon("")
	refused.expectEnd() // without a word, and without moving a number
	c := newClient(t, "ALPHA").reset(p.Address())
	c.deal("O-1", 2)
}

// The holder is killed with orders under way, again and again. The other instance goes on where it was. No order is lost, and
// none is done twice.
func TestAKilledHolderIsReplaced(t *testing.T) {
	t.Parallel()
	p := startPair(t, "ALPHA")
	core := gatewaytest.StartCore(t, p.Both[0].Broker)
	provider := newTrader(t, "ALPHA")
	provider.connectUntil(p.Address(), time.Now().Add(time.Minute))
	total := 0
	for range 3 {
		for range 100 {
			provider.place(fmt.Sprint("T-", total))
			total++
		}
		wanted := provider.finals() + 30
		_ = provider.handleUntil(func(string) bool { return provider.finals() >= wanted }, 5*time.Second)
		holder := p.Active("ALPHA")
		holder.Kill()
		killed := time.Now()
		_ = provider.conn.Close()
		provider.connectUntil(p.Address(), time.Now().Add(time.Minute))
		t.Logf("logged on again %d ms after the kill", time.Since(killed).Milliseconds())
		holder.Passive = true
		holder.Start()
	}
	provider.settle(p.Address(), total)
	if distinct, _ := core.Requests(); distinct != total {
		t.Errorf("%d events for %d orders", distinct, total)
	}
}

// A holder that is stopped in good order hands the session over. It has answered all that it took, and the next holder begins
// with the next number.
func TestAStoppedHolderHandsOver(t *testing.T) {
	t.Parallel()
	p := startPair(t, "ALPHA")
	gatewaytest.StartCore(t, p.Both[0].Broker)
	c := newClient(t, "ALPHA").reset(p.Address())
	c.deal("H-1", 2)
	holder := p.Active("ALPHA")
	began := time.Now()
	stopped := make(chan struct{})
	go func() { holder.Stop(); close(stopped) }()
	c.expect("5 34=4 58=the gateway is stopping: log on again in a moment")
	c.expectEnd()
	p.TakenFrom(holder, "ALPHA")
	t.Logf("served by the other one %d ms after the signal", time.Since(began).Milliseconds())
	<-stopped
	c.connect(p.Address())
	c.logon("")
	c.expect("A 34=5 98=0 108=30")
	c.deal("H-2", 6)
}

// A holder that was frozen for longer than its lease wakes up. What it does then reaches neither the store nor the provider, and
// its log says so.
func TestAFrozenHolderWritesNothingWhenItWakes(t *testing.T) {
	t.Parallel()
	p := startPair(t, "ALPHA")
	gatewaytest.StartCore(t, p.Both[0].Broker)
	old := newClient(t, "ALPHA")
	old.reset(p.Address())
	holder := p.Active("ALPHA")
	pool := p.Both[0].Database()
	testkit.Eventually(t, "the logon to be counted in the store", time.Minute, func() error {
		var in int
		err := pool.QueryRow(t.Context(), "select next_in from session where name like '%->ALPHA'").Scan(&in)
		if err == nil && in != 2 {
			err = fmt.Errorf("%d comes next", in)
		}
		return err
	})
	thaw := holder.Freeze()
	old.send("D", order("Z-1")) // lies in the frozen one's socket
	p.TakenFrom(holder, "ALPHA")
	c := newClient(t, "ALPHA")
	c.next = old.next
	c.connect(p.Address())
	c.logon("")
	c.expect("A 34=2 98=0 108=30") // the first thing that it says, on the store's number
	thaw()
	old.expectEnd()
	testkit.Eventually(t, "what the frozen one says", time.Minute, func() error {
		if log := holder.Log.String(); !strings.Contains(log, "lease ends") || !strings.Contains(log, "ALPHA") {
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
	c.expectAnswer(4, "Z-1", "A") // also if the frozen one had handed the order on when it woke
	c.expectAnswer(5, "Z-1", "2")
	const want = 2
	var stored int
	row := pool.QueryRow(t.Context(), "select count(*) from message where encode(body, 'escape') like '%11=Z-1%'")
	if err := row.Scan(&stored); err != nil || stored != want {
		t.Errorf("%d messages about the order are stored, error %v; want %d", stored, err, want)
	}
}
