package rules

import (
	"fmt"
	"time"

	"fxcore/services/contract/reason"
)

// Rejection is a refusal of a request by the bank. It is a business result, not a failure. It implements error so that
// a rule can return it.
type Rejection struct {
	Code reason.Code
	Text string // for a person: what was asked, the bound, what to do

	// Undecided says that newer static data may lead to another decision: what the request needs is missing, or the data in which it
	// was looked for are too old.
	Undecided bool
}

// Error returns code and text.
func (r *Rejection) Error() string { return string(r.Code) + ": " + r.Text }

func reject(code reason.Code, format string, args ...any) error {
	return &Rejection{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Late returns the rejection of a request that missed a time limit. what names the limit: the deadline, or the
// reservation's time limit.
func Late(what string, bound, now time.Time) *Rejection {
	text := fmt.Sprintf("%s passed at %s, %s ago; send a new request with a later deadline", what, instant(bound), now.Sub(bound).Round(time.Millisecond))
	return &Rejection{Code: reason.Expired, Text: text}
}
