package wire_test

import (
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

func TestAnOriginalHasEveryByteButTheSecrets(t *testing.T) {
	t.Parallel()
	for received, want := range map[string]string{
		"8=FIX.4.4|35=D|58=554=not a field|10=001|":                              "8=FIX.4.4|35=D|58=554=not a field|10=001|",
		"8=FIX.4.4|35=A|553=me|554=secret|925=new|10=1|":                         "8=FIX.4.4|35=A|553=me|554=***|925=***|10=1|",
		"8=FIXT.1.1|35=A|1400=1|1401=8|1402=se|c=ret|1403=3|1404=new|98=0|10=1|": "8=FIXT.1.1|35=A|1400=1|1401=***|1402=***|1403=***|1404=***|98=0|10=1|",
		"8=FIX.4.4|35=A|1402=secret|10=1|":                                       "8=FIX.4.4|35=A|1402=***|10=1|",
		"8=FIX.4.4|35=D|95=8|96=se|c=ret|58=text|10=001|":                        "8=FIX.4.4|35=D|95=8|96=***|58=text|10=001|",
		"8=FIX.4.4|35=D|95=99|96=secret|58=text|10=001|":                         "8=FIX.4.4|35=D|95=99|96=***|58=text|10=001|",
		"8=FIX.4.4|35=D|354=5|355=|554=|554=secret|10=1|":                        "8=FIX.4.4|35=D|354=5|355=|554=|554=***|10=1|",
		"8=FIX.4.4|35=D|554=secret":                                              "8=FIX.4.4|35=D|554=***",

		// what breaks the rules
		"8=FIX.4.4|35=D|no field|554=secret|10=1|":      "8=FIX.4.4|35=D|no field|554=***|10=1|",
		"8=FIX.4.4|35=D|no field|58=a|554=secret|":      "8=FIX.4.4|35=D|no field|58=a|554=***|",
		"8=FIX.4.4|35=D|0554=secret|10=1|":              "8=FIX.4.4|35=D|0554=***|10=1|",
		"8=FIX.4.4|35=D|95=3|96=se|cr|e=t|58=a|10=1|":   "8=FIX.4.4|35=D|95=3|96=***|58=a|10=1|",
		"8=FIX.4.4|35=D|95=3|no field|96=se|cret|10=1|": "8=FIX.4.4|35=D|95=3|no field|96=***|10=1|",
		"8=FIX.4.4|35=D|554=se|cret":                    "8=FIX.4.4|35=D|554=***|",
	} {
		soh := func(s string) string { return strings.ReplaceAll(s, "|", "\x01") }
		if got := string(wire.Original([]byte(soh(received)))); got != soh(want) {
			t.Errorf("%q, want %q", got, soh(want))
		}
	}
}

// Of a message that is too long, what is kept may end within a secret.
func TestABeginningHasNoSecret(t *testing.T) {
	t.Parallel()
	for received, want := range map[string]string{
		"8=FIX.4.4|35=D|58=text":                  "8=FIX.4.4|35=D|58=text",
		"8=FIX.4.4|35=D|554=secr":                 "8=FIX.4.4|35=D|554=***",
		"8=FIX.4.4|35=D|95=5000|96=se|58=c|554=r": "8=FIX.4.4|35=D|95=5000|96=***",
		"8=FIX.4.4|35=D|95=6|96=secret|58=te":     "8=FIX.4.4|35=D|95=6|96=***|58=te",
	} {
		soh := func(s string) string { return strings.ReplaceAll(s, "|", "\x01") }
		if got := string(wire.Beginning([]byte(soh(received)))); got != soh(want) {
			t.Errorf("%q, want %q", got, soh(want))
		}
	}
}

// A log shows nothing of a text from its first secret on.
func TestALogShowsNoSecret(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"554=s3cret", "925=s3cret", "96=s3cret", "1401=6", "1402=s3cret", "1403=6", "1404=s3cret"} {
		if got := wire.Masked("cannot read 35=A\x01" + field + "\x01end"); strings.Contains(got, field) || !strings.Contains(got, "35=A") {
			t.Errorf("%q", got)
		}
	}
}

// Masking neither fails on nor enlarges by more than its masks whatever a provider sends, and leaves no password.
func FuzzOriginal(f *testing.F) {
	f.Add("8=FIX.4.4\x0135=A\x01554=secret\x0110=1\x01")
	f.Add("95=3\x0196=a\x01b\x01")
	f.Fuzz(func(t *testing.T, s string) {
		wire.Original([]byte("8=FIX.4.4\x01" + s))
		wire.Beginning([]byte("8=FIX.4.4\x01" + s))
		if got := string(wire.Original([]byte("8=FIX.4.4\x01554=secret\x01"))); strings.Contains(got, "secret") {
			t.Error(got)
		}
	})
}
