//go:build e2e

package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/oracle"
)

// client is a provider that asks one thing at a time and looks at each answer.
type client struct {
	*witness.Witness
	c       *core
	session string
	fix44   bool
	answers chan answer
	number  int
	spot    string // spot date of EUR/USD, once a trade has told it
}

// answer is one message of the core: the oracle's view of it, and its fields.
type answer struct {
	oracle.Answer
	fields map[int]string
}

// show is the answer in one line: of an ExecutionReport 150, 39, 103 and 58.
func (a answer) show() string {
	if a.Form != "8" {
		return strings.TrimSpace(fmt.Sprintf("%s %s %s %s", a.Form, a.State, a.Reason, a.Text))
	}
	text := fmt.Sprintf("8 150=%s 39=%s", a.fields[150], a.fields[39])
	if a.Reason != "" {
		text += " 103=" + a.Reason
	}
	if a.Text != "" {
		text += " " + a.Text
	}
	return text
}

// client logs a provider on until the test ends.
func (c *core) client(t *testing.T, provider, name string) *client {
	t.Helper()
	ctx, leave := context.WithCancel(context.Background())
	var running sync.WaitGroup
	t.Cleanup(func() {
		leave()
		running.Wait()
	})
	session := c.session(provider)
	cl := &client{c: c, session: provider + "-" + c.run + "-" + name + "-", fix44: session.Begin == fixwire.FIX44, answers: make(chan answer, 100)}
	cl.Witness = witness.New(session, c.record(t, name+"-"+provider), name, func(a oracle.Answer, m *fixwire.Message) {
		fields := map[int]string{}
		for _, f := range m.Fields {
			fields[f.Tag] = string(f.Value)
		}
		cl.answers <- answer{a, fields}
	})
	running.Go(func() { cl.Run(ctx) })
	waiting, cancel := context.WithTimeout(t.Context(), logonBound)
	defer cancel()
	if err := cl.Connected(waiting); err != nil {
		t.Fatal(err)
	}
	return cl
}

// order is a spot order that the core accepts, to be changed into one that it does not.
type order struct {
	reference, client, pair, currency, side, amount, rate string
	settlement                                            string // SettlType (63)
	date                                                  string // SettlDate (64), YYYYMMDD
	quote                                                 string // QuoteID (117)
	product                                               string // that it becomes, if not the one it seems to ask for
	expire, valid                                         time.Time
	at                                                    time.Time
}

// good is a sound order; each has its own reference.
func (cl *client) good(t *testing.T) order {
	t.Helper()
	cl.number++
	now := time.Now()
	rate, err := cl.c.market.Rate("EUR/USD", now)
	if err != nil {
		t.Fatal(err)
	}
	return order{
		reference: fmt.Sprint(cl.session, cl.number), client: "C000900", pair: "EUR/USD", currency: "EUR", side: "buy", amount: "1000000",
		rate: rate.String(), settlement: "0", at: now,
	}
}

func (o order) body() *fixwire.Body {
	side := 1
	if o.side == "sell" {
		side = 2
	}
	b := fixwire.NewBody("D").Text(11, o.reference).Text(1, o.client)
	if o.settlement != "" {
		b.Text(63, o.settlement)
	}
	if o.date != "" {
		b.Text(64, o.date)
	}
	b.Text(55, o.pair).Int(54, side).Time(60, o.at).Text(38, o.amount).Text(40, "2").Text(44, o.rate)
	if o.currency != "" {
		b.Text(15, o.currency)
	}
	if o.quote != "" {
		b.Text(117, o.quote)
	}
	if !o.expire.IsZero() {
		b.Time(126, o.expire)
	}
	if !o.valid.IsZero() {
		b.Time(62, o.valid)
	}
	return b
}

func (o order) sent() oracle.Sent {
	s := oracle.Sent{
		Reference: o.reference, Form: "D", Product: "spot", Client: o.client, Pair: o.pair, Currency: o.currency, Side: o.side,
	}
	if o.date != "" || o.settlement != "0" {
		s.Product = "forward"
	}
	if o.product != "" {
		s.Product = o.product
	}
	s.Amount, _ = decimal.NewFromString(o.amount) // what does not read is never a trade
	s.Rate, _ = decimal.NewFromString(o.rate)
	return s
}

const waitForAnswer = 90 * time.Second // longer than an order is good for

// ask sends an order and returns everything that it is answered up to the final answer.
func (cl *client) ask(t *testing.T, o order) []answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitForAnswer)
	defer cancel()
	if err := cl.Ask(ctx, o.sent(), o.body()); err != nil {
		t.Fatal(err)
	}
	var all []answer
	for {
		select {
		case a := <-cl.answers:
			if all = append(all, a); a.State != oracle.Pending {
				return all
			}
		case <-ctx.Done():
			t.Fatalf("no final answer to %s in %s, only %v", o.reference, waitForAnswer, all)
		}
	}
}

// last is the final answer to an order.
func (cl *client) last(t *testing.T, o order) answer {
	t.Helper()
	all := cl.ask(t, o)
	return all[len(all)-1]
}
