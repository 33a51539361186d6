package steps

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/market/dating"
)

// refusalOf returns the refusal of a deal whose exposure cannot be computed because of err.
func refusalOf(err error, path line.Path) *messages.Rejected {
	var tenor *line.TenorError
	if errors.As(err, &tenor) {
		return reject(reason.BeyondMaxTenor, fmt.Sprintf(
			"the last value date is %s; lines allow at most %s, %s: choose a nearer value date", tenor.Date, tenor.Longest, tenor.Last))
	}
	var refusal *dating.Refusal
	if errors.As(err, &refusal) {
		return reject(refusal.Code, refusal.Text)
	}
	return reject(reason.NoStaticData, fmt.Sprintf("the line of client %s cannot be checked: %s", path.Client, err))
}

func reject(code reason.Code, text string) *messages.Rejected {
	return &messages.Rejected{Code: code, Text: text, By: messages.By}
}

// advise is reject for a text that ends with what to do.
func advise(code reason.Code, fact, advice string) *messages.Rejected {
	r := reject(code, fact+": "+advice)
	r.Fact = fact
	return r
}

// refusedByLine returns the refusal by a line, with the binding node first. Its text tells a caller nothing of a line that the
// caller may not see. Others may read the refusal, too: so it names the binding node, and each reader shows its own caller the text
// and the nodes of lines that this caller may see.
func refusedByLine(v line.Verdict, caller *access.Caller) (*messages.Rejected, error) {
	nodes := nodesOf(v.Standings)
	binding := v.Refusal.Node.String()
	slices.SortStableFunc(nodes, func(a, b messages.Node) int { return first(b.Node == binding) - first(a.Node == binding) })
	r := reject(v.Refusal.Code, v.Refusal.Text)
	r.Node = binding
	if caller != nil && !caller.SeesLine(binding) {
		r.Text = "a line of the bank that is not yours to see does not allow this deal: ask the bank"
	}
	var err error
	r.Nodes, err = event.Encode(nodes)
	return r, err
}

// first returns 1 for yes and 0 for no, so that a sort can put yes first.
func first(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// ended returns a refusal if an existing reservation, requested again, has ended; otherwise it returns nil.
func ended(r line.Reservation, now time.Time) *messages.Rejected {
	switch {
	case r.Due(now):
		return endedText(r.ID, line.Expired, r.ExpiresAt)
	case !r.State.Stands():
		return endedText(r.ID, r.State, r.ExpiresAt)
	}
	return nil
}

// endedText refuses a use of a reservation that has ended.
func endedText(id string, state line.State, expiry time.Time) *messages.Rejected {
	what := map[line.State]string{
		line.Consumed:  "was already consumed",
		line.Used:      "was taken over by trades",
		line.Reversed:  "was reversed",
		line.Released:  "was released, because its trade was rejected",
		line.Expired:   "expired at " + expiry.UTC().Format(time.RFC3339),
		line.Cancelled: "was cancelled",
		line.Withdrawn: "was withdrawn, because the provider's session ended and the provider did not come back in time",
	}[state]
	return advise(reason.ReservationEnded, "reservation "+id+" "+what, "reserve again under a new reference if it is needed")
}

func tooLate(e event.Event, now time.Time) *messages.Rejected {
	return reject(reason.Expired, fmt.Sprintf("the deadline was %s, but the bank handled the request at %s: nothing was done; send a new request",
		e.Deadline.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
}

// overAlready refuses a reservation that would end before it begins: an approval of it would promise nothing.
func overAlready(wanted, now time.Time) *messages.Rejected {
	return reject(reason.Expired, fmt.Sprintf("the reservation is wanted until %s, but the bank handled the request at %s: nothing was reserved; ask for a later end, or leave it out",
		wanted.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)))
}

// seenBy returns the nodes of an answer that a caller may see.
func seenBy(caller access.Caller, nodes []messages.Node) []messages.Node {
	return slices.DeleteFunc(nodes, func(n messages.Node) bool { return !caller.SeesLine(n.Node) })
}
