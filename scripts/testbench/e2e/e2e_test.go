//go:build e2e

package e2e

import "testing"

// TestWholeCore is one core and one history: each test adds to it, and the oracle judges all of it each time. The order is from calm to
// rough: what holds only as long as nothing is killed comes first.
func TestWholeCore(t *testing.T) {
	c := start(t)
	t.Run("TenThousand", c.tenThousand)
	t.Run("OracleSees", c.oracleSees)
	t.Run("Replicas", c.replicas)
	t.Run("MainframeAway", c.mainframeAway)
	t.Run("BadInput", c.badInput)
	t.Run("StaleRate", c.staleRate)
	t.Run("Failover", c.failover)
	t.Run("Socket", c.socket)
	t.Run("KillAnyone", c.killAnyone)
	t.Run("Without", c.somethingAway)
	t.Run("Secrets", c.secrets)
}
