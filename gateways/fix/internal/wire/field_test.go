package wire_test

import (
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

func TestBodyIsWhatIsBetweenHeaderAndTrailer(t *testing.T) {
	for fields, want := range map[string]string{
		"35=8|34=7|49=A|56=B|37=X|453=2|448=P|448=Q|": "37=X|453=2|448=P|448=Q|",
		"35=0|34=7|":                      "",
		"35=8|34=7|58=a\x0110=000|59=0|":  "58=a|10=000|59=0|",
		"35=8|49=A|56=B|34=1|58=49=A|37=": "",
	} {
		got := strings.ReplaceAll(string(wire.Body([]byte(message(fields)))), "\x01", "|")
		if want != "" && got != want {
			t.Errorf("%s: got %q, want %q", fields, got, want)
		}
	}
}

func TestHeaderOnlyKeepsTheHeader(t *testing.T) {
	got := string(wire.HeaderOnly([]byte(message("35=D|49=A|56=B|34=9|43=Y|52=T|58=x|49=C|"))))
	if want := message("35=D|49=A|56=B|34=9|43=Y|52=T|"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := wire.HeaderOnly([]byte(message("35=D|49=A|56=B|58=x|34=9|"))); got != nil {
		t.Errorf("a MsgSeqNum outside the header is none, got %q", got)
	}
}

func TestValueIsOfAFieldNotOfAText(t *testing.T) {
	msg := []byte(message("35=D|58=34=5|134=6|34=7|"))
	if got := wire.SeqNum(msg); got != 7 {
		t.Errorf("MsgSeqNum %d, want 7", got)
	}
	if got := wire.Value(msg, "99="); got != nil {
		t.Errorf("got %q", got)
	}
}

func TestPasswordsAreMasked(t *testing.T) {
	for _, quoted := range []string{
		message("35=A|553=alpha|554=tunafish|"),
		`"35=A\x01554=tunafish\x01"`,
		"925=tunafish",
		"invalid message: 8=FIX.4.4|35=A|554=tun\x01afish|",
	} {
		if got := wire.Masked(quoted); strings.Contains(got, "tuna") || strings.Contains(got, "fish") {
			t.Errorf("shown: %q", got)
		}
	}
	if got := wire.Masked("Sent test request TEST"); got != "Sent test request TEST" {
		t.Errorf("got %q", got)
	}
}
