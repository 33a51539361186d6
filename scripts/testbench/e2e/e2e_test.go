//go:build e2e

package e2e

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
)

// part is a test of the whole core. It can run alone, and before or after any other part.
type part struct {
	name string
	run  func(t *testing.T)
}

func (c *core) parts() []part {
	return []part{
		{"Secrets", c.secrets}, // while there is little to search
		{"TenThousand", c.tenThousand},
		{"OracleSees", c.oracleSees},
		{"Replicas", c.replicas},
		{"MainframeAway", c.mainframeAway},
		{"BadInput", c.badInput},
		{"Market", c.marketRules},
		{"StaleRate", c.staleRate},
		{"Failover", c.failover},
		{"Rotation", c.rotation},
		{"LineCheckToDeal", c.lineCheckToDeal},
		{"Reports", c.reports},
		{"Socket", c.socket},
		{"Dealer", c.dealer},
		{"Actions", c.actions},
		{"OnCall", c.onCallSees},
		{"OpenID", c.openID},
		{"KillAnyone", c.killAnyone},
		{"Without", c.somethingAway},
	}
}

// TestWholeCore is one core and one history: each part adds to it, and the oracle judges all of it each time. The variable ORDER
// is the parts' order: empty for the one above, reverse, or a number, which shuffles them, always in the same way.
func TestWholeCore(t *testing.T) {
	c := start(t)
	for _, p := range ordered(t, c.parts()) {
		t.Run(p.name, func(t *testing.T) { c.play(t, p) })
	}
	t.Run("NoPassword", c.noPassword)
	t.Run("Lines", c.logLines)
}

func ordered(t *testing.T, parts []part) []part {
	t.Helper()
	order := os.Getenv("ORDER")
	seed, err := strconv.ParseUint(order, 10, 64)
	switch {
	case order == "":
	case order == "reverse":
		slices.Reverse(parts)
	case err == nil:
		dice := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // an order, not a secret
		dice.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	default:
		t.Fatalf("ORDER is %q; it can be reverse, or a number", order)
	}
	return parts
}
