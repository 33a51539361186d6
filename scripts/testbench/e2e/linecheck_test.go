//go:build e2e

package e2e

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
)

// lineCheckPage has the samples that an integrator reads.
const lineCheckPage = "../../../docs/line-check-to-deal.md"

// lineCheckToDeal sends the samples of the page in their order, and holds the core to the answers that the page shows. Then the
// oracle says whether each deal used the line once.
func (c *core) lineCheckToDeal(t *testing.T) {
	page, err := os.ReadFile(lineCheckPage)
	if err != nil {
		t.Fatal(err)
	}
	cl := c.client(t, "SANDBOX50", "linecheck")
	over := c.socketSamples(t, func() string { return cl.good(t).rate })
	fix, socket := 0, 0
	for line := range strings.Lines(string(page)) {
		sent, isSent := strings.CutPrefix(line, "    > ")
		shown, isShown := strings.CutPrefix(line, "    < ")
		switch isFIX := strings.Contains(line, " 35="); {
		case isSent && isFIX:
			cl.send(t, cl.sample(t, sent))
			fix++
		case isShown && isFIX:
			cl.expect(t, cl.sample(t, shown))
		case isSent:
			over.ask(t, sent)
			socket++
		case isShown:
			over.expect(t, shown)
		}
	}
	if fix < 20 || socket < 5 {
		t.Errorf("%d samples over FIX on the page, %d over the socket", fix, socket)
	}
	t.Run("a deal that reduces is let through", cl.reduces)
	c.judge(t, c.undisturbed()...)
}

// reduces: the line of a client with a netting agreement bears one deal of six million euros. Once it has bought, it may not buy
// again, but it may sell. When linecheck knows that the sale is registered, the client may buy again.
func (cl *client) reduces(t *testing.T) {
	ask := func(side string) string {
		o := cl.good(t)
		o.client, o.side, o.amount = "C000906", side, "6000000"
		return cl.last(t, o).show()
	}
	const filled, full = "8 150=F 39=2", "8 150=8 39=8 103=3 line of client C000906: limit 100,000 USD + collateral 0; used "
	for _, c := range []struct{ side, want string }{{"buy", filled}, {"buy", full}, {"sell", filled}} {
		if got := ask(c.side); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", c.side, got)
		}
	}
	testkit.Eventually(t, "the sale to offset the purchase", time.Minute, func() error {
		if got := ask("buy"); !strings.HasPrefix(got, filled) {
			return errors.New(got)
		}
		return nil
	})
}

// sample is a message as the page writes it: its fields in their order.
type sample []sampleField

type sampleField struct {
	tag   int
	value string
}

// of returns the value of the first of the tags that the sample has.
func (s sample) of(tags ...int) string {
	for _, tag := range tags {
		for _, f := range s {
			if f.tag == tag {
				return f.value
			}
		}
	}
	return ""
}

// references are the tags that name a provider's request: their values are made unique for the run.
var references = map[int]bool{2318: true, 2322: true, 2334: true, 1080: true, 11: true, 571: true}

func (cl *client) sample(t *testing.T, text string) sample {
	t.Helper()
	var s sample
	for _, field := range strings.Split(strings.Trim(strings.TrimSpace(text), "|"), "|") {
		name, value, _ := strings.Cut(field, "=")
		tag, err := strconv.Atoi(name)
		if err != nil {
			t.Fatalf("%s: %q is not tag=value", text, field)
		}
		if references[tag] {
			value = cl.session + value
		}
		if value == "{rate}" {
			value = cl.good(t).rate
		}
		s = append(s, sampleField{tag, value})
	}
	return s
}

// send sends a sample with the time of now, which stands behind its reference.
func (cl *client) send(t *testing.T, s sample) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), waitForAnswer)
	defer cancel()
	body := fixwire.NewBody(s.of(35))
	for i, f := range s[1:] {
		body.Text(f.tag, f.value)
		if i == 0 {
			body.Time(60, time.Now())
		}
	}
	if err := cl.Ask(ctx, s.sent(), body); err != nil {
		t.Fatal(err)
	}
}

// sent says what the sample means.
func (s sample) sent() oracle.Sent {
	number := func(tags ...int) decimal.Decimal {
		d, _ := decimal.NewFromString(s.of(tags...)) // absent means zero
		return d
	}
	x := oracle.Sent{
		Reference: s.of(2318, 11, 571), Form: s.of(35), Client: s.of(448, 1), Pair: s.of(55), Currency: s.of(15),
		Side: map[string]string{"1": "buy", "2": "sell"}[s.of(54)], Amount: number(2324, 38, 32), Rate: number(44, 31), Product: "spot",
	}
	if s.of(35) == "DF" {
		x.Action = map[string]string{"00": "reserve", "01": "consume", "10": "cancel", "11": "reverse"}[s.of(2320)+s.of(2321)]
		x.Target, x.For = s.of(2322), s.of(1080)
		return x
	}
	x.Uses, x.Rest = s.of(2334), map[string]string{"0": "free", "1": "keep"}[s.of(2323)]
	return x
}

// expect waits for the next answer. It must have the fields of the sample.
func (cl *client) expect(t *testing.T, want sample) {
	t.Helper()
	select {
	case got := <-cl.answers:
		for _, f := range want {
			if got.fields[f.tag] != f.value {
				t.Errorf("%d is %q, want %q: %s %v", f.tag, got.fields[f.tag], f.value, got.show(), got.fields)
			}
		}
	case <-time.After(waitForAnswer):
		t.Fatalf("no answer; the page shows %v", want)
	}
}
