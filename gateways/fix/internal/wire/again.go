package wire

import "bytes"

// A Reject(35=3) may be sent again (FIX 4.4 volume 2, Resend Request), and must be: it may be all that the provider is told about
// a request. quickfix fills every message of the session layer (quickfixgo v0.9.10, inSession.resendMessages). So a Reject passes
// through quickfix under a type that is no session message, and gets its own type back on its way out.
const (
	refusal = '3'
	veiled  = '~'
)

var typeMark = []byte("\x0135=")

// Resendable returns a message in the form in which quickfix sends it again. Outgoing undoes it.
func Resendable(msg []byte) []byte {
	if string(Value(msg, "35=")) != string(rune(refusal)) {
		return msg
	}
	again := bytes.Clone(msg)
	return retyped(again, refusal, veiled)
}

// unveiled gives a Reject its type back, in place.
func unveiled(msg []byte) []byte { return retyped(msg, veiled, refusal) }

// retyped changes MsgType, of one letter, and CheckSum.
func retyped(msg []byte, from, to byte) []byte {
	at := bytes.Index(msg, typeMark) + len(typeMark)
	if at < len(typeMark) || at+1 >= len(msg) || msg[at] != from || msg[at+1] != soh {
		return msg
	}
	msg[at] = to
	var sum uint8
	for _, b := range msg[:len(msg)-trailerSize] {
		sum += b
	}
	copy(msg[len(msg)-trailerSize+len("10="):], []byte{'0' + sum/100, '0' + sum/10%10, '0' + sum%10})
	return msg
}
