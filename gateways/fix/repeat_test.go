package main

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/gateways/internal/gatewaytest"
)

// A line check three times in one write: each is answered, all alike. The core notices the repeats before it decides the first, as it
// does under load: its events come in that order.
func TestCloseRepeatsAreAnsweredAlike(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	core := startHastyCore(t, g.Broker, 3)
	for id, form := range map[string]string{"ALPHA": "UDF", "BETA50": "DF"} {
		c := newClient(t, id).reset(g.Address)
		const check = "2318=L-1|2320=0|2321=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|60="
		body := check + now() + "|"
		c.write(c.message(form, 2, "", body) + c.message(form, 3, "", body) + c.message(form, 4, "", body))
		c.next = 5
		var answers []string
		for n := range 3 {
			got := c.read()
			if want := fmt.Sprintf(" 34=%d ", n+2); !strings.Contains(got, want) {
				t.Fatalf("%s: answer %d is %s", id, n, got)
			}
			answers = append(answers, strings.Replace(got, fmt.Sprintf(" 34=%d ", n+2), " ", 1))
		}
		if answers[0] != answers[1] || answers[1] != answers[2] || !strings.Contains(answers[0], " 2325=0") {
			t.Errorf("%s: %q", id, answers)
		}
		c.expectSilence()
		c.send("5", "")
	}
	if n := core.decided(); n != 2 {
		t.Errorf("%d checks were decided, want 2", n)
	}
}

// The same reference with another amount: the rejection says that the first order is filled, and has no id of its own.
func TestADuplicateIsNotTheStandingOrder(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	for id, form := range map[string]string{"ALPHA": "UDF", "BETA50": "DF"} {
		c := newClient(t, id).reset(g.Address)
		c.order("O-1")
		c.expectAnswer(2, "O-1", "A")
		filled := c.read()
		c.send("D", strings.Replace(order("O-1"), "38=1000000", "38=2000000", 1))
		c.expectAnswer(4, "O-1", "A")
		rejected := c.read()
		want := "8 34=5 11=O-1 150=8 39=2 37=NONE 38=1000000 14=1000000 151=0 103=6"
		if got := pick(rejected, "34", "11", "150", "39", "37", "38", "14", "151", "103"); got != want {
			t.Errorf("%s: got  %s\nwant %s\nthe fill was %s", id, got, want, filled)
		}
		check := "2318=L-1|2320=0|2321=0|2324=%s|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|60=" + now() + "|"
		c.send(form, fmt.Sprintf(check, "1000000"))
		approved := c.read()
		c.send(form, fmt.Sprintf(check, "2000000"))
		refused := c.read()
		if pick(approved, "2325", "2319") == pick(approved, "2325") || strings.Contains(refused, " 2319=") || !strings.Contains(refused, " 2325=2") {
			t.Errorf("%s: approved by %s, refused by %s", id, approved, refused)
		}
		c.send("5", "")
	}
}
