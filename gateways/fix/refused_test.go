package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// A Logon that is refused leaves nothing behind in the gateway, whatever was sent behind it: a ResendRequest that stands in for
// NextExpectedMsgSeqNum(789), or messages of the provider. Otherwise anybody could fill the gateway's memory.
func TestARefusedLogonLeavesNothingBehind(t *testing.T) {
	g := startGateway(t)
	for round := range 5 {
		tooHigh := newClient(t, "ALPHA").connect(g.Address)
		tooHigh.logon("141=Y|789=5|")
		tooHigh.expect(fmt.Sprintf("5 34=%d 58=logon refused: NextExpectedMsgSeqNum(789) is 5, and our next message has MsgSeqNum(34) 1", round+1))
		tooHigh.expectEnd()
		stranger := newClient(t, "BETA50").connect(g.Address)
		stranger.secret = "guess"
		stranger.write(stranger.message("A", 1, "", "98=0|108=30|553=beta50|554=guess|1137=9|") + stranger.message("D", 2, "", order("X-1")) + stranger.message("D", 3, "", order("X-2")))
		if got := stranger.read(); !strings.HasPrefix(got, "5 ") {
			t.Fatalf("got %s", got)
		}
		stranger.expectEnd()
	}
	testkit.Eventually(t, "the engines to have read everything", time.Minute, func() error {
		answer, err := http.Get("http://" + g.Health + "/debug/pprof/goroutine?debug=2") //nolint:noctx // ends by itself
		if err != nil {
			return err
		}
		defer func() { _ = answer.Body.Close() }()
		all, err := io.ReadAll(answer.Body)
		if n := strings.Count(string(all), "quickfix.readLoop("); n > 0 {
			return fmt.Errorf("%d goroutines read for nobody, %w", n, err)
		}
		return err
	})
}

// A SequenceReset whose MsgSeqNum is not a number ends the session, as any message without one. It uses up no number.
func TestASequenceResetWithoutANumberUsesNone(t *testing.T) {
	g := startGateway(t)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.write(c.built("35=4|49=ALPHA|56=FXCORE|34=x|52=" + now() + "|36=25|"))
	if got := c.read(); !strings.HasPrefix(got, "5 34=2 58=") || !strings.Contains(got, "MsgSeqNum") {
		t.Errorf("got %s", got)
	}
	c.expectEnd()
	g.Counter("provider.ALPHA.next_in", 2)
}
