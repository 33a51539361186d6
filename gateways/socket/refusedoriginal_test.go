package main

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/refused"
	"fxcore/gateways/internal/story"
	"fxcore/gateways/socket/internal/soup"
	"fxcore/gateways/socket/message"
)

// request returns the bytes of a request.
func request(t *testing.T, m message.Request) []byte {
	t.Helper()
	payload, err := message.AppendRequest(nil, m)
	if err != nil {
		t.Fatal(err)
	}
	return payload
}

// What is refused at the door is told with the provider's own bytes, whether or not it counts as received. What a stranger sends is not.
func TestWhatIsRefusedIsToldAsItCame(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	told := gatewaytest.ReadRefusals(t, g.Broker)
	stranger := dial(t, g.Address)
	stranger.login(soup.Login{Username: "alpha", Password: "wrong", Next: 1})
	stranger.expectRejected(soup.NotAuthorised)
	c := login(t, g.Address, "alpha", "S1", 1)
	short := request(t, trade(2, "R-2"))
	short = short[:len(short)-5]
	early := request(t, trade(7, "R-7"))
	none := request(t, trade(1, "R-0"))
	none[0] = '?'
	var want []refused.Data
	expect := func(payload []byte, answer, reference, code, text string, sequence int) {
		t.Helper()
		c.sendRaw(payload)
		c.expect(answer)
		want = append(want, refused.Data{
			Provider: "ALPHA", Reason: refused.Reason{Code: code, Text: text}, Reference: reference,
			Original: story.Original{Protocol: "socket", Session: "socket:ALPHA", Sequence: sequence, Bytes: payload, Size: len(payload)},
		})
	}
	expect(none, "B 1 R-0, received 1 unknown type type", "R-0", "unknown type", "", 1)
	expect(short, "B 2 R-2, received 2 malformed legs[0]", "R-2", "malformed", "", 2)
	expect(early, "B 7 R-7, received 2 out of sequence sequence", "R-7", "out of sequence", "sequence: 3 comes next", 7)
	got := told.Wait(3)
	for i := range got {
		if got[i].ReceivedAt.IsZero() || got[i].Reason.Text == "" {
			t.Errorf("%+v", got[i])
		}
		got[i].ReceivedAt = want[0].ReceivedAt
		if want[min(i, 2)].Reason.Text == "" {
			got[i].Reason.Text = ""
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The instance that has refused a message is killed, and the broker does not have what it tells of it: another one tells that, and once.
func TestWhatWasRefusedIsToldAfterAKill(t *testing.T) {
	t.Parallel()
	p, broker := usual.StartPairBehind(t, "ALPHA")
	told := gatewaytest.ReadRefusals(t, p.Both[0].Broker)
	c := login(t, p.Address(), "alpha", "S1", 1)
	faulty := request(t, trade(1, "R-1"))
	faulty = faulty[:len(faulty)-5]
	broker.Mute()
	c.sendRaw(faulty)
	c.expect("B 1 R-1, received 1 malformed legs[0]")
	holder := p.Active("ALPHA")
	holder.Kill()
	p.TakenFrom(holder, "ALPHA")
	c = login(t, p.Address(), "alpha", "S1", c.next)
	c.sendRaw(faulty)
	c.send(trade(9, "R-9"))
	var got []string
	for _, d := range told.Wait(2) {
		got = append(got, d.Reference+" "+d.Reason.Code)
	}
	if diff := cmp.Diff([]string{"R-1 malformed", "R-9 out of sequence"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
