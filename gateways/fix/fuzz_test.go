package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
)

// fuzzTypes are the messages whose fields are made up: those of requests, those of the session, and none at all.
var fuzzTypes = []string{"D", "AB", "AE", "UDF", "0", "1", "2", "3", "4", "5", "A", "j", "8", "ZZ", ""}

// FuzzSession sends anything after a valid logon: fields with any content, or any bytes. The gateway answers in the protocol's
// form, or not at all if the message is garbled. The session is there afterwards, maybe after another logon. The whole gateway
// runs: front, engine and store.
func FuzzSession(f *testing.F) {
	for _, text := range []string{
		strings.TrimSuffix(order("F-1"), "|"), "11=|1=|63=|55=|54=|60=|38=|40=|44=|15=", "11=" + strings.Repeat("x", 70_000), "38=1e400|38=-1|38=NaN",
		"7=1|16=0", "7=-1|16=99999999999999999999", "7=0|16=0", "36=0|123=Y", "36=2147483648", "36=-5|123=N", "123=Y", "98=0|108=30|141=Y",
		"98=0|108=99999", "45=1|58=\x00\xff", "453=2000000000|448=x", "555=-1|600=x", "555=2|600=x|600=y|600=z", "453=1|453=1|453=1",
		"95=5|96=a\x01b\x01c", "9=1|10=000|8=FIX.4.4", "=|==|=1|1|999999999999=1|0=0|-1=x", "43=Y|122=x", "43=Y|122=99991231-23:59:60",
		"34=1|34=2|52=|52=x", "60=20261332-25:61:61", "212=9|213=<a/>", "58=" + strings.Repeat("\xc3", 500), "", "|", "||||",
	} {
		for kind := range 3 {
			f.Add(kind, len(text)%len(fuzzTypes), text)
		}
	}
	for _, raw := range []string{
		"8=FIX.4.4|9=5|35=0|10=000|", "8=FIX.4.4|9=99999999|35=0|", "8=FIX.4.4|9=-1|35=0|10=000|", "8=FIX|9=8=FIX|9=", "10=000|10=000|", "GET / HTTP/1.1\r\n\r\n",
		"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", strings.Repeat("8=FIX.4.4|9=", 2_000), strings.Repeat("\x00", 100_000), strings.Repeat("35=0|", 20_000),
	} {
		f.Add(0, 0, raw)
	}
	g := startGateway(f, "FIX_MESSAGE_TIMEOUT=1s", "LOG_LEVEL=info")
	f.Cleanup(func() { modest(f, g) })
	f.Fuzz(func(t *testing.T, kind, msgType int, text string) {
		c := newClient(t, "ALPHA")
		if !c.logonAgain(g.Address) {
			t.Fatal("the session cannot be logged on")
		}
		msg := c.fuzzed(kind, msgType, text)
		_, _ = c.conn.Write(msg) // it may have been ended already
		_, _ = c.conn.Write([]byte(c.message("4", 900, "", "123=N|36=1000000|") + c.message("1", 1_000_000, "", "112=alive|")))
		if err := c.answered(); err != nil {
			t.Fatalf("after %q: %v", msg, err)
		}
	})
}

// fuzzed returns the bytes as they are, or framed, or framed with the header of the session.
func (c *client) fuzzed(kind, msgType int, text string) []byte {
	text = strings.ReplaceAll(text, "|", "\x01")
	which := fuzzTypes[uint(msgType)%uint(len(fuzzTypes))] //nolint:gosec // any of them
	switch uint(kind) % 3 {                                //nolint:gosec // any of them
	case 1:
		return []byte(c.built(fmt.Sprintf("35=%s|49=%s|56=%s|34=2|52=%s|", which, c.id, c.to, now()) + text + "\x01"))
	case 2:
		return []byte(c.built("35=" + which + "|" + text + "\x01"))
	}
	return []byte(text)
}

// logonAgain logs on with both sides beginning at 1. The last connection may still be ending.
func (c *client) logonAgain(address string) bool {
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); {
		c.next = 1
		c.connect(address).logon("141=Y|")
		if got, err := c.tryRead(5 * time.Second); err == nil && strings.HasPrefix(got, "A 34=1 ") {
			return true
		}
		_ = c.conn.Close()
	}
	return false
}

// answered reads until the session has answered or has ended. It checks that it reads whole messages, of types that a gateway may
// send.
func (c *client) answered() error {
	for {
		got, err := c.tryRead(30 * time.Second)
		var failed net.Error
		switch kind, _, _ := strings.Cut(got, " "); {
		case errors.As(err, &failed) && failed.Timeout():
			return errors.New("neither an answer nor an end")
		case err != nil && strings.Contains(err.Error(), "bad message"):
			return err
		case err != nil: // ended: who comes next logs on again
			return nil //nolint:nilerr // an end is an answer
		case !strings.Contains(" 0 1 2 3 4 5 8 A AR UDG j ", " "+kind+" "):
			return fmt.Errorf("it says %s", got)
		case strings.HasSuffix(got, "112=alive"):
			return nil
		}
	}
}

// modest checks the most memory that the gateway ever had.
func modest(t testing.TB, g *gatewaytest.Gateway) {
	if g.Process == nil {
		t.Error("the gateway has ended")
		return
	}
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.Process.Process.Pid))
	if err != nil {
		t.Error("the gateway has ended: ", err)
		return
	}
	_, rest, _ := strings.Cut(string(content), "VmHWM:")
	kib, err := strconv.Atoi(strings.Fields(rest)[0])
	if err != nil || kib > 600<<10 {
		t.Errorf("%d KiB, %v", kib, err)
	}
}

// A provider that leaves a gap open cannot make the engine keep messages without end. The gateway says so and logs it out, and
// the provider may come again.
func TestAGapIsNotKeptOpenForEver(t *testing.T) {
	t.Parallel()
	g := startGateway(t)
	c := newClient(t, "ALPHA").reset(g.Address)
	go func() {
		for seq := 3; seq < 10_010; seq++ {
			if _, err := c.conn.Write([]byte(c.message("0", seq, "", ""))); err != nil {
				return
			}
		}
	}()
	c.expect("2 34=2 7=2 16=0")
	if got := c.read(); !strings.HasPrefix(got, "5 34=3 58=too many messages (10001, ") || !strings.HasSuffix(got, "while MsgSeqNum(34) 2 is missing: log on again and send it first") {
		t.Errorf("got %s", got)
	}
	c.expectEnd()
	g.Counter("provider.ALPHA.logged_on", 0)
	c.next = 2
	c.connect(g.Address).logon("")
	c.expect("A 34=4 98=0 108=30")
	c.send("1", "112=in step|")
	c.expect("0 34=5 112=in step")
}
