package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
)

func TestATradeAndALineCheck(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	for _, id := range []string{"ALPHA", "BETA50"} {
		c := newClient(t, id).reset(g.Address)
		c.deal("O-1", 2)
		c.order("O-1") // the same again
		c.expectAnswer(4, "O-1", "A")
		c.expectAnswer(5, "O-1", "2")
		c.send("D", strings.Replace(order("O-1"), "38=1000000", "38=2000000", 1))
		c.expectAnswer(6, "O-1", "A")
		c.expectAnswer(7, "O-1", "2") // rejected, and the standing order is filled
		c.order("O-1")                // the rejection was not the trade's answer
		c.expectAnswer(8, "O-1", "A")
		c.expectAnswer(9, "O-1", "2")
		check := map[string]string{"ALPHA": "UDF", "BETA50": "DF"}[id]
		c.send(check, "2318=L-1|2320=0|2321=0|2323=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|60="+now()+"|")
		if got, want := pick(c.read(), "34", "2318", "2325"), map[string]string{"ALPHA": "UDG", "BETA50": "DG"}[id]+" 34=10 2318=L-1 2325=0"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		c.leave(11)
	}
	g.Counter("provider.ALPHA.logged_on", 0)
	g.Counter("provider.ALPHA.next_out", 12)
	expectNoPassword(g)
}

// Each of these logons is refused. The case is named after the rule.
func TestLogonRefused(t *testing.T) {
	t.Parallel()
	g := startGateway(t, "FIX_LOGON_TIMEOUT=2s")
	const refused = "5 34=1 58=logon refused: unknown session, user or password"
	for name, test := range map[string]struct {
		id     string
		change func(*client)
		first  string // instead of a logon
		more   string
		want   []string // before the end; the number of a Logout that counts is left out
	}{
		"wrong password":          {"ALPHA", func(c *client) { c.secret = "wrong" }, "", "", []string{refused}},
		"no password":             {"ALPHA", func(c *client) { c.secret = "" }, "", "", []string{refused}},
		"wrong user":              {"GAMMA", func(c *client) { c.user = "alpha" }, "", "", []string{refused}},
		"wrong SenderCompID":      {"NOBODY", func(*client) {}, "", "", []string{refused}},
		"wrong TargetCompID":      {"ALPHA", func(c *client) { c.to = "SOMEONE" }, "", "", []string{refused}},
		"wrong version":           {"BETA50", func(c *client) { c.id = "BETA"; c.user = "beta50" }, "", "", []string{refused}},
		"address not on the list": {"ELSEWHERE", func(*client) {}, "", "", []string{refused}},
		"no certificate":          {"CERTIFIED", func(*client) {}, "", "", []string{refused}},
		"reset is not accepted": {"NEVER", func(*client) {}, "", "141=Y|", []string{
			"5 34=1 58=logon refused: ResetSeqNumFlag(141) is not accepted: go on with the numbers of the last session",
		}},
		"first message is no logon": {"ALPHA", func(*client) {}, "35=0|49=ALPHA|56=FXCORE|34=1|52=" + now() + "|", "", nil},
		"nothing in time":           {"ALPHA", func(*client) {}, " ", "", nil},
		"noise":                     {"ALPHA", func(*client) {}, "GET / HTTP/1.1", "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := newClient(t, test.id)
			test.change(c)
			c.connect(g.Address)
			switch {
			case strings.HasPrefix(test.first, "35="):
				c.write(c.built(test.first))
			case test.first != "":
				c.write(test.first)
			default:
				c.logon(test.more)
			}
			for _, want := range test.want {
				if got := withoutNumber(c.read()); got != withoutNumber(want) {
					t.Errorf("got %s, want %s", got, want)
				}
			}
			c.expectEnd()
		})
	}
	t.Run("heartbeat interval out of bounds", func(t *testing.T) {
		for _, beat := range []string{"0", "-1", "61"} {
			c := newClient(t, "DELTA").connect(g.Address)
			c.send("A", "98=0|108="+beat+"|553=delta|554=secret|")
			if got := withoutNumber(c.read()); got != "5 58=logon refused: HeartBtInt(108) must be 1 to 60" {
				t.Errorf("108=%s: got %s", beat, got)
			}
			c.expectEnd()
		}
	})
	t.Run("and it has moved no number", func(t *testing.T) {
		c := newClient(t, "ALPHA")
		c.resume(g.Address) // with 1: a stranger's logons do not count; our Logouts do, and are asked for
		c.send("1", "112=still in step|")
		if got := withoutNumber(c.read()); got != "0 112=still in step" {
			t.Errorf("got %s", got)
		}
	})
	if strings.Contains(g.Log.String(), "secret") {
		t.Error("the log shows a password")
	}
}

func withoutNumber(text string) string {
	var kept []string
	for _, w := range strings.Split(text, " ") {
		if !strings.HasPrefix(w, "34=") {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, " ")
}

// The session rules (FIX 4.4 volume 2; FIX session layer test cases), each with the exact answer over the wire.
func TestSessionRules(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA")
	for _, test := range []struct {
		name   string
		script func(c *client)
	}{
		{"test request", func(c *client) {
			c.send("1", "112=are you there|")
			c.expect("0 34=2 112=are you there")
		}},
		{"garbled: wrong CheckSum is ignored and not counted", func(c *client) {
			wrong := c.message("1", c.next, "", "112=garbled|")
			c.write(wrong[:len(wrong)-4] + "000\x01")
			c.send("1", "112=right|")
			c.expect("0 34=2 112=right")
		}},
		{"garbled: wrong BodyLength is ignored and not counted", func(c *client) {
			for _, n := range []string{"9=1", "9=999", "9=9999999", "9=-1", "9=x"} {
				wrong := c.message("1", c.next, "", "112=garbled|")
				at, to := strings.Index(wrong, "9="), strings.Index(wrong, "\x0135=")
				c.write(wrong[:at] + n + wrong[to:])
			}
			c.send("1", "112=right|")
			c.expect("0 34=2 112=right")
		}},
		{"garbled: MsgType not third", func(c *client) {
			c.write(c.built("34=2|35=0|49=ALPHA|56=FXCORE|52=" + now() + "|"))
			c.send("1", "112=right|")
			c.expect("0 34=2 112=right")
		}},
		{"unknown message type", func(c *client) {
			c.send("ZZ", "58=x|")
			c.expect("3 34=2 45=2 58=Invalid MsgType 372=ZZ 373=11")
		}},
		{"message type that is not served", func(c *client) {
			c.send("8", "37=1|17=1|150=F|39=2|55=EUR/USD|54=1|151=0|14=1|6=1|")
			c.expect("j 34=2 45=2 58=Unsupported Message Type 372=8 380=3")
		}},
		{"required tag missing", func(c *client) {
			c.send("D", strings.Replace(order("X"), "54=1|", "", 1))
			c.expect("3 34=2 45=2 58=Required tag missing 371=54 372=D 373=1")
		}},
		{"binary in text", func(c *client) {
			c.send("D", strings.Replace(order("X"), "11=X|", "11=X\x00\xff\xfe|", 1))
			got := c.read()
			if pick(got, "34", "45", "371", "372", "373") != "3 34=2 45=2 371=11 372=D 373=6" {
				t.Errorf("got %s", got)
			}
		}},
		{"MsgSeqNum too low ends the session", func(c *client) {
			c.write(c.message("0", 1, "", ""))
			c.expect("5 34=2 58=MsgSeqNum too low, expecting 2 but received 1")
			c.expectEnd()
		}},
		{"MsgSeqNum too low with PossDupFlag is ignored", func(c *client) {
			c.write(c.message("0", 1, "43=Y|122="+now()+"|", ""))
			c.send("1", "112=go on|")
			c.expect("0 34=2 112=go on")
		}},
		{"PossDupFlag without OrigSendingTime", func(c *client) {
			c.write(c.message("0", 1, "43=Y|", ""))
			c.expect("3 34=2 45=1 58=Required tag missing 371=122 372=0 373=1")
		}},
		{"MsgSeqNum too high is asked for, and taken up in order", func(c *client) {
			held := c.message("1", c.next+1, "", "112=second|")
			c.write(held)
			c.expect("2 34=2 7=2 16=0")
			c.write(c.message("1", c.next, "43=Y|122="+now()+"|", "112=first|"))
			c.expect("0 34=3 112=first")
			c.expect("0 34=4 112=second")
			c.next += 2
			c.send("1", "112=third|")
			c.expect("0 34=5 112=third")
		}},
		{"gap fill", func(c *client) {
			c.write(c.message("1", c.next+5, "", "112=later|"))
			c.expect("2 34=2 7=2 16=0")
			c.write(c.message("4", c.next, "43=Y|122="+now()+"|", fmt.Sprintf("123=Y|36=%d|", c.next+5)))
			c.expect("0 34=3 112=later")
			c.next += 6
			c.send("1", "112=go on|")
			c.expect("0 34=4 112=go on")
		}},
		{"sequence reset forward", func(c *client) {
			c.write(c.message("4", c.next, "", "36=100|"))
			c.next = 100
			c.send("1", "112=go on|")
			c.expect("0 34=2 112=go on")
		}},
		{"sequence reset backward", func(c *client) {
			c.write(c.message("4", c.next, "", "36=1|"))
			c.expect("3 34=2 45=2 58=Value is incorrect (out of range) for this tag 372=4 373=5")
		}},
		{"sequence reset beyond all numbers", func(c *client) {
			c.write(c.message("4", c.next, "", "36=9999999999|"))
			c.expect("3 34=2 45=2 58=Value is incorrect (out of range) for this tag 371=36 372=4 373=5")
		}},
		{"wrong SenderCompID in the session", func(c *client) {
			c.write(c.built("35=0|49=GAMMA|56=FXCORE|34=2|52=" + now() + "|"))
			c.expect("3 34=2 45=2 58=CompID problem 372=0 373=9")
			c.expect("5 34=3")
			c.expectEnd()
		}},
		{"wrong BeginString in the session", func(c *client) {
			c.write(strings.Replace(c.message("0", 2, "", ""), "8=FIX.4.4", "8=FIX.4.2", 1))
			c.send("1", "112=the sum is wrong, too|")
			c.expect("0 34=2 112=the sum is wrong, too")
		}},
		{"SendingTime too far off", func(c *client) {
			c.write(c.built("35=0|49=ALPHA|56=FXCORE|34=2|52=20200101-00:00:00|"))
			c.expect("3 34=2 45=2 58=SendingTime accuracy problem 372=0 373=10")
			c.expect("5 34=3")
			c.expectEnd()
		}},
		{"resend request of what was sent", func(c *client) {
			c.deal("R-1", 2)
			c.send("2", "7=1|16=0|")
			c.expect("4 34=1 43=Y 36=3 123=Y") // the pending answer is stale
			if got := pick(c.read(), "34", "43", "11", "39"); got != "8 34=3 43=Y 11=R-1 39=2" {
				t.Errorf("got %s", got)
			}
			c.send("1", "112=go on|")
			c.expect("0 34=4 112=go on")
		}},
		{"resend request of nothing but the session's own", func(c *client) {
			c.send("1", "112=a|")
			c.expect("0 34=2 112=a")
			c.send("2", "7=1|16=2|")
			c.expect("4 34=1 43=Y 36=3 123=Y")
		}},
		{"resend request of what cannot be", func(c *client) {
			c.send("2", "7=0|16=0|")
			c.expect("3 34=2 45=2 58=Value is incorrect (out of range) for this tag 371=7 372=2 373=5")
			c.send("2", "7=5|16=2|")
			c.expect("3 34=3 45=3 58=Value is incorrect (out of range) for this tag 371=16 372=2 373=5")
			c.send("2", "7=50|16=0|") // is not answered
			c.send("1", "112=go on|")
			c.expect("0 34=4 112=go on")
		}},
		{"reset in the middle of the session", func(c *client) {
			c.deal("M-1", 2)
			c.next = 1
			c.logon("141=Y|")
			c.expect("A 34=1 98=0 108=30 141=Y")
			c.deal("M-2", 2)
		}},
		{"10 MB", func(c *client) {
			c.send("D", strings.Replace(order("BIG"), "15=EUR|", "58="+strings.Repeat("x", 10<<20)+"|", 1))
			c.order("AFTER")
			got := c.read()
			if want := "3 34=2 45=2 58=message of"; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "is longer than 65536 bytes 372=D 373=99") {
				t.Errorf("got %s", got)
			}
			c.expectAnswer(3, "AFTER", "A")
			c.expectAnswer(4, "AFTER", "2")
		}},
		{"10 MB, and the same number again after a reset", func(c *client) {
			c.send("0", "58="+strings.Repeat("x", 1<<20)+"|")
			c.next = 1
			c.logon("141=Y|")
			c.read() // the Reject
			c.expect("A 34=1 98=0 108=30 141=Y")
			c.send("1", "112=fine|")
			c.expect("0 34=2 112=fine")
		}},
		{"10 MB heartbeat", func(c *client) {
			c.send("0", "58="+strings.Repeat("x", 10<<20)+"|")
			if got := c.read(); !strings.HasSuffix(got, "is longer than 65536 bytes 372=0 373=99") {
				t.Errorf("got %s", got)
			}
		}},
		{"second logon of the session is ended without a word", func(c *client) {
			second := newClient(t, "ALPHA").connect(g.Address)
			second.logon("")
			second.expectEnd()
			c.send("1", "112=first stays|")
			c.expect("0 34=2 112=first stays")
		}},
		{"logout", func(c *client) {
			c.leave(2)
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.t = t
			c.reset(g.Address)
			test.script(c)
			_ = c.conn.Close()
		})
	}
}

// A provider that logs on again asks for the answers that it missed. It gets each once, in order.
func TestAnswersWaitForAProviderThatIsAway(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	core := gatewaytest.StartCore(t, g.Broker)
	release := core.Pause()
	defer release()
	c := newClient(t, "ALPHA").reset(g.Address)
	for i := range 3 {
		c.order(fmt.Sprint("W-", i))
		c.expectAnswer(2+i, fmt.Sprint("W-", i), "A")
	}
	_ = c.conn.Close()
	g.Counter("provider.ALPHA.logged_on", 0)
	release()
	g.Counter("provider.ALPHA.next_out", 8)
	if got := pick(c.resume(g.Address), "34"); got != "A 34=8" {
		t.Fatalf("got %s", got)
	}
	c.send("2", "7=5|16=0|")
	for i := range 3 {
		if got, want := pick(c.read(), "34", "43", "11", "39"), fmt.Sprintf("8 34=%d 43=Y 11=W-%d 39=2", 5+i, i); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	c.expect("4 34=8 43=Y 36=9 123=Y")
	c.deal("after", 9)
}

// Answers with repeating groups are sent again byte for byte, but for the header.
func TestResendOfGroups(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	for _, id := range []string{"ALPHA", "BETA50"} {
		c := newClient(t, id).reset(g.Address)
		qty, check := "687", "UDF"
		if id == "BETA50" {
			qty, check = "685", "DF"
		}
		c.send("AB", "11=G-1|1=C000900|54=B|55=EUR/USD|555=2|600=EUR/USD|624=1|556=EUR|"+qty+"=1000000|654=N|566=1.08|587=0|"+
			"600=EUR/USD|624=2|"+qty+"=1000000|654=F|566=1.085|587=M1|60="+now()+"|38=1000000|40=D|15=EUR|")
		c.send(check, "2318=G-2|2320=0|2321=0|2323=0|2324=1000000|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|54=1|63=M1|60="+now()+"|")
		var first []string
		for range 3 {
			first = append(first, c.read())
		}
		c.send("2", "7=2|16=4|")
		if got := pick(c.read(), "34", "36"); got != "4 34=2 36=3" { // the pending answer is stale
			t.Errorf("got %s", got)
		}
		for _, want := range first[1:] {
			if got := strings.Replace(c.read(), " 43=Y", "", 1); got != want {
				t.Errorf("%s:\nfirst %s\nagain %s", id, want, got)
			}
		}
		if !strings.Contains(strings.Join(first, ""), " 555=2 ") {
			t.Errorf("no legs in %q", first)
		}
	}
}

// Both sides miss messages at the same time. Each asks, each answers, and both go on.
func TestBothSidesAskAtOnce(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	gatewaytest.StartCore(t, g.Broker)
	c := newClient(t, "ALPHA").reset(g.Address)
	c.deal("B-1", 2)
	_ = c.conn.Close()
	g.Counter("provider.ALPHA.logged_on", 0)
	missed := c.next
	c.next += 2
	c.resume(g.Address)      // two numbers ahead of what the gateway expects
	c.send("2", "7=2|16=0|") // and we miss all from 2
	var asked, answered bool
	for !asked || !answered {
		got := c.read()
		switch {
		case strings.HasPrefix(got, "2 ") && strings.HasSuffix(got, fmt.Sprintf("7=%d 16=0", missed)):
			asked = true
			c.write(c.message("D", missed, "43=Y|122="+now()+"|", order("B-2")))
			c.write(c.message("4", missed+1, "43=Y|122="+now()+"|", fmt.Sprintf("123=Y|36=%d|", c.next)))
		case strings.HasPrefix(got, "4 34=4 "): // up to what is due; the one before is for a pending answer, which is stale
			answered = true
		case strings.HasPrefix(got, "4 34=2 "):
		case strings.Contains(got, "43=Y") && !strings.Contains(got, "11=B-1"):
			t.Fatalf("got %s", got)
		}
	}
	for _, status := range []string{"A", "2"} {
		if got := pick(c.read(), "11", "39"); got != "8 11=B-2 39="+status {
			t.Errorf("got %s", got)
		}
	}
}

func TestSlowProviderIsSlowedDownAndLosesNothing(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	c := newClient(t, "SLOW").reset(g.Address)
	began := time.Now()
	for i := range 25 {
		c.send("1", fmt.Sprintf("112=%d|", i))
	}
	for i := range 25 {
		c.expect(fmt.Sprintf("0 34=%d 112=%d", 2+i, i))
	}
	if took := time.Since(began); took < 800*time.Millisecond {
		t.Errorf("25 messages at 20/s with a burst of 5 took %s", took)
	}
}
