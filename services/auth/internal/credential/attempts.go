package credential

import "time"

// The bound of guessing: after so many wrong proofs in a row, each further one makes the user wait, from firstWait on twice as
// long each time. So somebody who guesses has about a hundred tries a day, and the person waits for at most longestWait
// after the guessing has ended.
const (
	freeFailures = 5
	firstWait    = 30 * time.Second
	longestWait  = 15 * time.Minute
)

// Forgiven is how long after the last try the count begins anew. It is longer than any wait.
const Forgiven = time.Hour

// Attempts counts the wrong passwords that came for a name since the last right one.
type Attempts struct {
	Failures  int
	NotBefore time.Time // until then no proof is looked at
}

// Blocked reports whether no proof is looked at now.
func (a Attempts) Blocked(now time.Time) bool { return now.Before(a.NotBefore) }

// Failed returns the count after one more wrong proof.
func (a Attempts) Failed(now time.Time) Attempts {
	a.Failures++
	wait := firstWait
	for n := freeFailures; n < a.Failures && wait < longestWait; n++ {
		wait *= 2
	}
	if a.Failures >= freeFailures {
		a.NotBefore = now.Add(min(wait, longestWait))
	}
	return a
}
