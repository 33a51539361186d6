package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

// An instance refuses requests by a Reject and by a BusinessMessageReject, and is killed. The provider gets both again from the
// instance that takes the session over.
func TestARefusalCanBeHadAgainAfterATakeover(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"ALPHA", "BETA50"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p := startPair(t, id)
			c := newClient(t, id).reset(p.Address())
			body := "|1=C000900|63=%s|55=EUR/USD|54=1|60=" + now() + "|38=1000000|40=2|15=EUR|"
			c.send("D", "11=T-1"+fmt.Sprintf(body, "XX")+"44=1.08|")
			rejected := c.read()
			c.send("D", "11=T-2"+fmt.Sprintf(body, "0"))
			refused := c.read()
			if got := pick(rejected, "34", "45", "371", "373"); got != "3 34=2 45=2 371=63 373=5" {
				t.Fatalf("got %s", rejected)
			}
			if got := pick(refused, "34", "45", "379", "380"); got != "j 34=3 45=3 379=T-2 380=5" {
				t.Fatalf("got %s", refused)
			}
			stored(t, p, id, 4)
			killed(t, p, id)
			c.resume(p.Address())
			c.send("2", "7=2|16=3|")
			for _, want := range []string{rejected, refused} {
				if got := strings.Replace(c.read(), " 43=Y", "", 1); got != want {
					t.Errorf("got  %s\nwant %s", got, want)
				}
			}
		})
	}
}

// An instance has said that an order is pending, and is killed before the decision. The next one tells the decision alone.
func TestPendingIsSaidOnceAcrossATakeover(t *testing.T) {
	t.Parallel()
	p := startPair(t, "ALPHA")
	core := gatewaytest.StartCore(t, p.Both[0].Broker)
	decide := core.Pause()
	t.Cleanup(decide)
	c := newClient(t, "ALPHA").reset(p.Address())
	c.order("T-1")
	c.expectAnswer(2, "T-1", "A")
	killed(t, p, "ALPHA")
	c.resume(p.Address())
	decide()
	c.expectAnswer(4, "T-1", "2")
	c.send("1", "112=no more answers|")
	if got := withoutNumber(c.read()); got != "0 112=no more answers" {
		t.Errorf("got %s", got)
	}
}

// A line check is answered, and the instance that answered it is killed. The provider sends the same three times in one write to the
// next instance. Each is answered, as the first one was.
func TestCloseRepeatsAreAnsweredAlikeAfterATakeover(t *testing.T) {
	t.Parallel()
	for id, form := range map[string]string{"ALPHA": "UDF", "BETA50": "DF"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p := startPair(t, id)
			core := gatewaytest.StartCore(t, p.Both[0].Broker)
			c := newClient(t, id).reset(p.Address())
			body := "2318=L-1|2320=0|2321=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|60=" + now() + "|"
			c.send(form, body)
			first := withoutNumber(c.read())
			if got := pick(first, "2318", "2325"); got != pick(first)+" 2318=L-1 2325=0" {
				t.Fatalf("got %s", first)
			}
			killed(t, p, id)
			c.resume(p.Address())
			c.write(c.message(form, c.next, "", body) + c.message(form, c.next+1, "", body) + c.message(form, c.next+2, "", body))
			c.next += 3
			for range 3 {
				if got := withoutNumber(c.read()); got != first {
					t.Errorf("got  %s\nwant %s", got, first)
				}
			}
			c.send("1", "112=no more answers|")
			if got := withoutNumber(c.read()); got != "0 112=no more answers" {
				t.Errorf("got %s", got)
			}
			if distinct, _ := core.Requests(); distinct > 4 {
				t.Errorf("%d events for four messages", distinct)
			}
		})
	}
}

// stored waits until a number is stored as the next one from a provider.
func stored(t *testing.T, p *gatewaytest.Pair, id string, next int) {
	t.Helper()
	pool := p.Both[0].Database()
	testkit.Eventually(t, "the number to be stored", time.Minute, func() error {
		var in int
		err := pool.QueryRow(t.Context(), "select next_in from session where name like '%->' || $1", id).Scan(&in)
		if err == nil && in != next {
			err = fmt.Errorf("%d comes next", in)
		}
		return err
	})
}

// killed kills the instance that serves a provider, and waits until the other one does.
func killed(t *testing.T, p *gatewaytest.Pair, id string) {
	t.Helper()
	holder := p.Active(id)
	holder.Kill()
	p.TakenFrom(holder, id)
}
