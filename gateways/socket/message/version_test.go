package message_test

import (
	"testing"

	"fxcore/gateways/socket/message"
)

// A provider reads from any answer which version the instance speaks, and so which fields it would not ignore.
func TestAnAnswerCarriesTheVersionOfItsWriter(t *testing.T) {
	t.Parallel()
	for name, m := range answerSamples() {
		b, err := message.AppendAnswer(nil, m)
		if err != nil {
			t.Fatal(name, err)
		}
		if got := message.Version(b[1]); got != message.Current {
			t.Errorf("%s: version %s", name, got)
		}
	}
}
