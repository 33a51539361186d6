package syntax

import (
	"bytes"
	"fmt"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// Logon reads a Logon. It returns the message for the engine, or why the Logon must be refused. quickfix would close the
// connection of a Logon that its dictionary does not allow, without a word.
func (r *Rules) Logon(msg []byte) (forEngine []byte, refusal string) {
	if fault := wire.Check(msg); fault != nil {
		return nil, refused(fault.Tag, fault.Text)
	}
	forEngine, fault := r.Read(msg)
	if fault != nil {
		return nil, refused(fault.Tag, fault.Text)
	}
	transport := r.transport
	if transport == nil {
		transport = r.app
	}
	m := quickfix.NewMessage()
	if err := quickfix.ParseMessageWithDataDictionary(m, bytes.NewBuffer(forEngine), transport, r.app); err != nil {
		return nil, refused(0, "the message cannot be read")
	}
	if err := r.validator.Validate(m); err != nil {
		tag := 0
		if ref := err.RefTagID(); ref != nil {
			tag = int(*ref)
		}
		return nil, refused(tag, err.Error())
	}
	return forEngine, ""
}

func refused(tag int, text string) string {
	if tag == 0 {
		return "logon refused: " + text
	}
	return fmt.Sprintf("logon refused: tag %d: %s", tag, text)
}
