package dialect

import (
	"fmt"

	"github.com/quickfixgo/quickfix"
)

// Reasons of a session Reject (SessionRejectReason, 373) and of a BusinessMessageReject (BusinessRejectReason, 380).
const (
	sessionRequiredMissing = 1
	sessionValueIncorrect  = 5
	sessionFormatIncorrect = 6

	businessApplicationNotAvailable = 4
	businessConditionallyMissing    = 5
)

// missing refuses a message that lacks a field that every message of its type has: Reject, 373=1.
func missing(tag quickfix.Tag) quickfix.MessageRejectError {
	return quickfix.NewMessageRejectError(fmt.Sprintf("required tag %d missing", tag), sessionRequiredMissing, &tag)
}

// outOfRange refuses a value that has the right type but is not allowed: Reject, 373=5.
func outOfRange(tag quickfix.Tag, rule string) quickfix.MessageRejectError {
	return quickfix.NewMessageRejectError(fmt.Sprintf("value of tag %d is incorrect: %s", tag, rule),
		sessionValueIncorrect, &tag)
}

// malformed refuses a value that does not have the field's type: Reject, 373=6.
func malformed(tag quickfix.Tag, rule string) quickfix.MessageRejectError {
	return quickfix.NewMessageRejectError(fmt.Sprintf("incorrect data format of tag %d: %s", tag, rule),
		sessionFormatIncorrect, &tag)
}

// conditional refuses a message that lacks a field that this use of it needs: BusinessMessageReject, 380=5. The tag is
// named in the text, as FIX 4.4 has no field for it there.
func conditional(tag quickfix.Tag, reference string) quickfix.MessageRejectError {
	return quickfix.NewBusinessMessageRejectErrorWithRefID(fmt.Sprintf("conditionally required tag %d missing", tag),
		businessConditionallyMissing, reference, &tag)
}

// overloaded refuses a message for now: BusinessMessageReject, 380=4.
func overloaded(reference string) quickfix.MessageRejectError {
	return quickfix.NewBusinessMessageRejectErrorWithRefID(
		"too many requests are waiting and this one was not taken: send it again in a few seconds",
		businessApplicationNotAvailable, reference, nil)
}
