package message_test

import (
	"testing"

	"fxcore/gateways/socket/message"
)

// Both numbers can be written into every kind of answer. Nothing else changes.
func TestNumbersAreWrittenIntoAnAnswer(t *testing.T) {
	for name, m := range samples() {
		answer, is := m.(message.Answer)
		if !is {
			continue
		}
		payload, err := message.AppendAnswer(nil, answer)
		if err != nil {
			t.Fatal(err)
		}
		message.SetReceived(payload, 1<<40)
		message.SetSequence(payload, 1<<50)
		answer.Head().Received, answer.Head().Sequence = 1<<40, 1<<50
		want, err := message.AppendAnswer(nil, answer)
		if err != nil || string(want) != string(payload) {
			t.Errorf("%s: %x, want %x", name, payload, want)
		}
	}
	short := []byte{1, 2, 3}
	message.SetReceived(short, 9)
	if string(short) != "\x01\x02\x03" {
		t.Errorf("%x", short)
	}
}
