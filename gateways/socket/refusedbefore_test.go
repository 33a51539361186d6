package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/socket/message"
	"fxcore/lambda/testkit"
)

// waitsForItsConfirm has the first instance of a pair take request 1, which the broker does not confirm, and refuse request 2, which cannot
// be read. It returns both.
func waitsForItsConfirm(t *testing.T) (p *gatewaytest.Pair, core *gatewaytest.Core, c *rawClient, waits, faulty []byte) {
	t.Helper()
	p, broker := usual.StartPairBehind(t, "ALPHA")
	core = gatewaytest.StartCore(t, p.Both[0].Broker)
	c = login(t, p.Address(), "alpha", "S1", 1)
	var err error
	if waits, err = message.AppendRequest(nil, trade(1, "R-1")); err != nil {
		t.Fatal(err)
	}
	if faulty, err = message.AppendRequest(nil, trade(2, "R-2")); err != nil {
		t.Fatal(err)
	}
	faulty = faulty[:len(faulty)-5]
	broker.Mute()
	c.sendRaw(waits)
	p.Both[0].Counter("provider.ALPHA.queue", 1)
	c.sendRaw(faulty)
	c.expect("B 2 R-2, received 0 malformed legs[0]")
	return p, core, c, waits, faulty
}

// until reads answers up to and including the final one to a request. It returns the references of the refusals and of the final answers
// among them, each as often as it came.
func (c *rawClient) until(reference string) map[string]int {
	c.t.Helper()
	came := map[string]int{}
	for came["E "+reference] == 0 {
		a := c.answer()
		if kind := a.Type(); kind != message.TypePending && kind != message.TypeStatus {
			came[fmt.Sprintf("%c %s", kind, a.Head().Reference)]++
		}
	}
	return came
}

// While a request waits for the broker's confirm, a later one is refused, and the instance is killed. The next one has received
// neither. The provider sends both again: the one that was refused is not answered again, and counts as received.
func TestWhatWasRefusedIsNotAnsweredAgainAfterATakeover(t *testing.T) {
	t.Parallel()
	p, core, c, waits, faulty := waitsForItsConfirm(t)
	holder := p.Active("ALPHA")
	holder.Kill()
	p.TakenFrom(holder, "ALPHA")
	c = login(t, p.Address(), "alpha", "S1", c.next)
	c.sendRaw(waits)
	c.sendRaw(faulty)
	c.send(trade(3, "R-3"))
	want := map[string]int{"E R-1": 1, "E R-3": 1}
	if diff := cmp.Diff(want, c.until("R-3")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	testkit.Eventually(t, "all three to be received", time.Minute, func() error {
		c.send(&message.StatusRequest{RequestHead: message.RequestHead{Sequence: 1_000}})
		for {
			if a := c.answer(); a.Head().Sequence == 1_000 && a.Head().Received != 3 {
				return fmt.Errorf("received %d", a.Head().Received)
			} else if a.Head().Sequence == 1_000 {
				return nil
			}
		}
	})
	if distinct, _ := core.Requests(); distinct != 2 {
		t.Errorf("%d requests reached the core, not the one that waited and the new one", distinct)
	}
	c.sendRaw(faulty) // it knows that this is received, and asks once more
	c.expect("B 2 R-2, received 3 malformed legs[0]")
}

// The provider's connection is lost while a request waits for its confirm, and a later one is refused. It logs in again where it has not
// read the refusal, and sends both again: it reads the refusal once.
func TestWhatWasRefusedIsNotAnsweredAgainAfterALogin(t *testing.T) {
	t.Parallel()
	p, _, c, waits, faulty := waitsForItsConfirm(t)
	c = login(t, p.Address(), "alpha", "S1", c.next-1)
	c.expect("B 2 R-2, received 0 malformed legs[0]")
	c.expectReceived(0)
	c.sendRaw(waits)
	c.sendRaw(faulty)
	c.expectReceived(0) // and no second refusal before it
	c.sendRaw(faulty)   // it has sent it on this connection, and asks once more
	c.expect("B 2 R-2, received 0 malformed legs[0]")
}

// Another message under the number of one that was refused is no repeat: it is taken.
func TestAnotherRequestUnderARefusedNumberIsTaken(t *testing.T) {
	t.Parallel()
	p, _, c, waits, _ := waitsForItsConfirm(t)
	holder := p.Active("ALPHA")
	holder.Kill()
	p.TakenFrom(holder, "ALPHA")
	c = login(t, p.Address(), "alpha", "S1", c.next)
	c.sendRaw(waits)
	c.send(trade(2, "R-9"))
	want := map[string]int{"E R-1": 1, "E R-9": 1}
	if diff := cmp.Diff(want, c.until("R-9")); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
