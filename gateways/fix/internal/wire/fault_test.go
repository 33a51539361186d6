package wire_test

import (
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/wire"
)

// Whatever the engine would take for garbled is found, and what is found can still be refused by number.
func TestCheck(t *testing.T) {
	for name, test := range map[string]struct {
		body string
		want string
	}{
		"sound":             {"35=0|34=2|58=a=b|112=|", ""},
		"a group":           {"35=D|34=2|453=2|448=A|448=B|", ""},
		"no equals sign":    {"35=0|34=2|oops|", "field 5 is not tag=value"},
		"before the number": {"35=0|oops|34=2|", "field 4 is not tag=value"},
		"nothing":           {"35=0|34=2||", "field 5 is not tag=value"},
		"no tag":            {"35=0|34=2|=x|", "field 5 is not tag=value"},
		"a signed tag":      {"35=0|34=2|+5=x|", "field 5 is not tag=value"},
		"a negative tag":    {"35=0|34=2|-5=x|", "Invalid tag number"},
		"a huge tag":        {"35=0|34=2|9999999999=x|", "Invalid tag number"},
		"beyond numbers":    {"35=0|34=2|99999999999999999999=x|", "field 5 is not tag=value"},
		"a tag alone":       {"35=0|34=2|5|", "field 5 is not tag=value"},
		"a second type":     {"35=0|34=2|35=D|", "Tag appears more than once"},
		"a second sum":      {"35=0|34=2|10=000|58=x|", "Tag appears more than once"},
	} {
		t.Run(name, func(t *testing.T) {
			msg := wire.Build("FIX.4.4", []byte(strings.ReplaceAll(test.body, "|", "\x01")))
			fault := wire.Check(msg)
			if (fault == nil) != (test.want == "") || (fault != nil && fault.Text != test.want) {
				t.Errorf("got %v", fault)
			}
			if header := wire.HeaderOnly(msg); wire.SeqNum(header) != 2 || wire.Check(header) != nil {
				t.Errorf("header %q", header)
			}
		})
	}
}
