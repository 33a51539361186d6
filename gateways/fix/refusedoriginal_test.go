package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/gateways/internal/refused"
)

// sent writes a message with the next number, and returns it.
func (c *client) sent(msgType, body string) string {
	c.t.Helper()
	raw := c.message(msgType, c.next, "", body)
	c.write(raw)
	c.next++
	return raw
}

// What a gateway refuses by itself is told with the provider's own bytes, without its secrets, and with what the provider was told.
func TestWhatIsRefusedIsToldAsItCame(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	told := gatewaytest.ReadRefusals(t, g.Broker)
	for i, id := range []string{"ALPHA", "BETA50"} {
		c := newClient(t, id).reset(g.Address)
		var want []refused.Data
		expect := func(raw, reference, masked string) {
			t.Helper()
			answer := c.read()
			code := ""
			for _, tag := range []string{"373", "380"} {
				if _, value, found := strings.Cut(pick(answer, tag), tag+"="); found {
					code = tag + "=" + value
				}
			}
			if code == "" {
				t.Fatalf("%s is no refusal", answer)
			}
			d := refused.Data{Provider: id, Reference: reference, Reason: refused.Reason{Code: code}}
			d.Original.Protocol, d.Original.Session = c.version(), c.version()+":FXCORE->"+id
			d.Original.Sequence, d.Original.Bytes, d.Original.Size = c.next-1, []byte(masked), len(raw)
			want = append(want, d)
		}
		raw := c.sent("D", faulty("R-1"))
		expect(raw, "R-1", raw)
		raw = c.sent("BE", "923=U-1|924=1|553=me|554=s3cret|925=n3w|95=9|96=s3c|ret=1|")
		expect(raw, "", strings.NewReplacer("554=s3cret", "554=***", "925=n3w", "925=***", "96=s3c\x01ret=1", "96=***").Replace(raw))
		raw = c.sent("D", order("R-3")+"no field|554=s3cret|")
		expect(raw, "R-3", strings.Replace(raw, "554=s3cret", "554=***", 1))
		raw = c.sent("D", order("R-4")+"58="+strings.Repeat("x", 20_000)+"|63=XX|")
		expect(raw, "R-4", raw[:refused.MaxBytes])
		raw = c.sent("D", order("R-5")+"95=80000|96="+strings.Repeat("s3cret|", 10_000)+"1234567890|")
		expect(raw, "R-5", raw[:strings.Index(raw, "96=")]+"96=***")

		var got []refused.Data
		for _, d := range told.Wait(5 * (i + 1)) {
			if d.Provider != id {
				continue
			}
			if d.ReceivedAt.IsZero() || d.Reason.Text == "" || d.LeftOut != 0 {
				t.Errorf("%+v", d)
			}
			d.ReceivedAt, d.Reason.Text = want[0].ReceivedAt, ""
			got = append(got, d)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", id, diff)
		}
		c.deal("R-6", 7)
	}
	expectNoPassword(g)
}

// A stranger's messages are nobody's refusals, nor are those that are ignored.
func TestAStrangersMessagesAreNotTold(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	told := gatewaytest.ReadRefusals(t, g.Broker)
	wrong := newClient(t, "ALPHA")
	wrong.secret = "wrong"
	wrong.connect(g.Address)
	wrong.logon("141=Y|")
	wrong.write(wrong.message("D", 2, "", faulty("R-1")))
	wrong.expect("5 34=1 58=logon refused: unknown session, user or password")
	silent := newClient(t, "ALPHA").connect(g.Address)
	silent.write(silent.message("D", 1, "", faulty("R-2")))
	silent.expectEnd()
	c := newClient(t, "ALPHA").reset(g.Address)
	c.write(strings.Replace(c.message("D", 2, "", faulty("R-3")), "\x0110=", "\x0110=9", 1)) // garbled
	c.send("D", faulty("R-4"))
	c.read()
	if got := told.Wait(1); len(got) != 1 || got[0].Reference != "R-4" {
		t.Errorf("%+v", got)
	}
}

// The instance that has refused a message is killed, and the broker does not have what it tells of it: another one tells that, and once.
func TestWhatWasRefusedIsToldAfterAKill(t *testing.T) {
	t.Parallel()
	p, broker := usual.StartPairBehind(t, "ALPHA")
	told := gatewaytest.ReadRefusals(t, p.Both[0].Broker)
	c := newClient(t, "ALPHA").reset(p.Address())
	broker.Mute()
	c.send("D", faulty("R-2"))
	if got := pick(c.read(), "45", "373"); got != "3 45=2 373=5" {
		t.Fatalf("got %s", got)
	}
	killed(t, p, "ALPHA")
	c.resume(p.Address())
	c.send("D", faulty("R-8"))
	var got []string
	for _, d := range told.Wait(2) {
		got = append(got, fmt.Sprintf("%s %s", d.Reference, d.Reason.Code))
	}
	if diff := cmp.Diff([]string{"R-2 373=5", "R-8 373=5"}, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
