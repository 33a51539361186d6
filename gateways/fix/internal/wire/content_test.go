package wire_test

import (
	"bytes"
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

// A message that is sent again has the same content, whatever its sender writes into its header for that. Another one has another content.
func TestAMessageThatIsSentAgainHasTheSameContent(t *testing.T) {
	content := func(fields string) []byte { return wire.Content([]byte(message(fields))) }
	first := content("35=D|49=A|56=B|34=7|52=20260102-10:00:00|11=R-1|38=5|")
	for _, again := range []string{
		"35=D|49=A|56=B|34=7|43=Y|52=20260102-10:00:09|122=20260102-10:00:00|11=R-1|38=5|",
		"35=D|49=A|56=B|34=7|52=20260102-10:00:09.123|43=Y|122=20260102-10:00:00|369=88|11=R-1|38=5|",
	} {
		if !bytes.Equal(content(again), first) {
			t.Errorf("%s has another content", again)
		}
	}
	for _, other := range []string{
		"35=D|49=A|56=B|34=8|52=20260102-10:00:00|11=R-1|38=5|",
		"35=D|49=A|56=B|34=7|52=20260102-10:00:00|11=R-1|38=6|",
		"35=D|49=A|56=B|34=7|52=20260102-10:00:00|11=R-13|8=5|",
		"35=F|49=A|56=B|34=7|52=20260102-10:00:00|11=R-1|38=5|",
		"35=D|49=A|56=B|34=7|52=20260102-10:00:00|",
	} {
		if bytes.Equal(content(other), first) {
			t.Errorf("%s has the same content", other)
		}
	}
}
