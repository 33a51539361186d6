package rules

import (
	"fmt"
	"time"

	"fxcore/services/contract/reason"
)

// Rejection is the bank's no to a request. It is an outcome, not a failure; it is an error so that a rule can return it.
type Rejection struct {
	Code reason.Code
	Text string // for a person: what was asked, the bound, what to do
}

// Error returns code and text.
func (r *Rejection) Error() string { return string(r.Code) + ": " + r.Text }

func reject(code reason.Code, format string, args ...any) error {
	return &Rejection{Code: code, Text: fmt.Sprintf(format, args...)}
}

// Late is the rejection of a request for which a bound has passed: its deadline, its reservation.
func Late(what string, bound, now time.Time) *Rejection {
	text := fmt.Sprintf("%s passed at %s, %s ago; ask again, with more time", what, instant(bound), now.Sub(bound).Round(time.Millisecond))
	return &Rejection{Code: reason.Expired, Text: text}
}
