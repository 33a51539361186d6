package steps

import (
	"sync"
	"time"
)

// The passwords that one process checks: argon2 takes about 20 ms for each, and the same process decides about trades. So many
// at once, because the rows of their users are locked meanwhile; and so many in a second, which is a third of a processor.
const (
	passwordsAtOnce    = 32
	passwordsPerSecond = 15
)

// allowance is how many passwords may be checked now. It is safe for concurrent use.
type allowance struct {
	mu   sync.Mutex
	left float64
	at   time.Time
}

func newAllowance() *allowance { return &allowance{left: passwordsAtOnce} }

// take counts one check, unless there were enough of late.
func (a *allowance) take(now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.at.IsZero() {
		a.left = min(passwordsAtOnce, a.left+max(0, now.Sub(a.at).Seconds())*passwordsPerSecond)
	}
	a.at = now
	if a.left < 1 {
		return false
	}
	a.left--
	return true
}
