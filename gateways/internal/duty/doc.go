// Package duty connects an instance of a gateway to services/failover, which plans which instance serves which provider. It
// reports the state of the instance and its sessions, publishes an event when the instance takes or leaves a session, and
// writes a requested move into the lease's row.
//
// It also gives back the leases that the instance holds and does not serve, so that another instance can take them.
//
// Sessions are served and taken over without services/failover: while the broker is away, the leases are enough. Reports of that time are
// not made up for. Events about sessions taken and left are published later.
package duty

import (
	"time"
)

// Session is the state of a provider's session, whether this instance holds it or not.
type Session struct {
	Provider string
	LoggedOn bool
	Since    time.Time // of LoggedOn
}

// Bounds.
const (
	interval   = time.Second            // between two reports if nothing changes
	lookBound  = time.Second            // for the checks of one report
	lastWord   = 500 * time.Millisecond // when the instance stops: for the last report, and for the events that are left
	untold     = 256                    // bound of the events that wait for the broker; beyond it the oldest is dropped
	writeBound = 2 * time.Second        // for writing a wish into a lease's row
)
