package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/gatewaytest"
)

// faulty is an order that its type and fields do not allow.
func faulty(reference string) string {
	return strings.Replace(order(reference), "|63=0|", "|63=XX|", 1)
}

// huge is an order that is too long to be read.
func huge(reference string) string {
	return order(reference) + "58=" + strings.Repeat("x", 70_000) + "|"
}

// waitsForItsConfirm has the first instance of a pair take an order that the broker does not confirm, and refuse what comes after it: an
// order that cannot be read, one for which there is no room, one that is too long. It returns the bodies of all four, and the refusals.
func waitsForItsConfirm(t *testing.T, id string) (p *gatewaytest.Pair, core *gatewaytest.Core, c *client, sent, refused []string) {
	t.Helper()
	p, broker := usual.StartPairBehind(t, id, "FIX_QUEUE_LIMIT=1")
	core = gatewaytest.StartCore(t, p.Both[0].Broker)
	c = newClient(t, id).reset(p.Address())
	broker.Mute()
	sent = []string{order("R-2"), faulty("R-3"), order("R-4"), huge("R-5")}
	c.send("D", sent[0])
	p.Both[0].Counter("provider."+id+".queue", 1)
	for i, want := range []string{"3 34=2 45=3 373=5", "j 34=3 45=4 380=4", "3 34=4 45=5 373=99"} {
		c.send("D", sent[i+1])
		got := c.read()
		if pick(got, "34", "45", "373", "380") != want {
			t.Fatalf("got %s, want %s", got, want)
		}
		refused = append(refused, got)
	}
	return p, core, c, sent, refused
}

// again sends messages once more, as a ResendRequest from number 2 asks for them.
func again(c *client, bodies ...string) {
	c.t.Helper()
	for i, body := range bodies {
		c.write(c.message("D", i+2, "43=Y|122="+now()+"|", body))
	}
	c.write(c.message("4", len(bodies)+2, "43=Y|122="+now()+"|", fmt.Sprintf("123=Y|36=%d|", c.next)))
}

// While an order waits for the broker's confirm, later messages are refused, and the instance is killed. The next one asks for all of
// them again. What was refused is not answered again, and not taken: the provider has its answer.
func TestWhatWasRefusedIsNotAnsweredAgainAfterATakeover(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"ALPHA", "BETA50"} {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			p, core, c, sent, refused := waitsForItsConfirm(t, id)
			killed(t, p, id)
			c.resume(p.Address())
			if got := pick(c.read(), "7", "16"); got != "2 7=2 16=0" {
				t.Fatalf("the next one asks %s", got)
			}
			again(c, sent...)
			c.order("R-8")
			c.untilFinal("R-8")
			if distinct, _ := core.Requests(); distinct != 2 {
				t.Errorf("%d requests reached the core, not the one that waited and the new one", distinct)
			}
			var refusals, finals []string
			for _, got := range c.toldSince(2) {
				switch {
				case strings.HasPrefix(got, "8") && !strings.HasSuffix(pick(got, "39"), "39=A"):
					finals = append(finals, pick(got, "11", "39"))
				case !strings.HasPrefix(got, "8") && !strings.HasPrefix(got, "4 "):
					refusals = append(refusals, got)
				}
			}
			if diff := cmp.Diff(refused, refusals); diff != "" {
				t.Errorf("refusals: -want +got\n%s", diff)
			}
			if diff := cmp.Diff([]string{"8 11=R-2 39=2", "8 11=R-8 39=2"}, finals); diff != "" {
				t.Errorf("final answers: -want +got\n%s", diff)
			}
		})
	}
}

// untilFinal reads messages up to and including the final answer to an order that is executed.
func (c *client) untilFinal(reference string) {
	c.t.Helper()
	for pick(c.read(), "11", "39") != "8 11="+reference+" 39=2" {
	}
}

// toldSince asks for all messages from a number on, and returns what the gateway sends again, without the mark that says so.
func (c *client) toldSince(number int) (messages []string) {
	c.t.Helper()
	c.send("2", fmt.Sprintf("7=%d|16=0|", number))
	c.send("1", "112=that was all|")
	for {
		got := c.read()
		if strings.HasSuffix(got, " 112=that was all") {
			return messages
		}
		messages = append(messages, strings.Replace(got, " 43=Y", "", 1))
	}
}

// A provider has lost its numbers, and sends another order under the number of one that was refused. It is no repeat: it is taken.
func TestAnotherOrderUnderARefusedNumberIsTaken(t *testing.T) {
	t.Parallel()
	p, _, c, _, _ := waitsForItsConfirm(t, "ALPHA")
	killed(t, p, "ALPHA")
	c.next = 2
	c.resume(p.Address())
	c.order("R-9") // number 3
	c.untilFinal("R-9")
}
