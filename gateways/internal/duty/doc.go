// Package duty ties an instance of a gateway to those who plan which instance serves which provider: it reports what the
// instance is and holds, tells when a session is taken and left, and has sessions moved as requested.
//
// None of it is needed for a session to be served, or taken over: while the broker is away the leases do that alone. What
// was to be reported meanwhile is not; what was taken and left is told later.
package duty

import (
	"time"
)

// Session is a provider's session as the gateway knows it, held here or not.
type Session struct {
	Provider string
	LoggedOn bool
	Since    time.Time // of LoggedOn
}

// Bounds.
const (
	interval   = time.Second            // between two reports in which nothing has changed
	lookBound  = time.Second            // for the checks that say whether the instance is ready
	lastWord   = 500 * time.Millisecond // for the last report, and for what is left to tell, when the instance stops
	untold     = 256                    // facts that wait for the broker; the oldest give way
	writeBound = 2 * time.Second        // for a wish
)
