package access_test

import (
	"testing"

	"fxcore/services/contract/access"
)

func TestADealerIsAPersonWhoCalls(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]*access.Caller{
		"U1": {User: "U1", Roles: []string{"trader"}, Desk: "FXS1"},
		"U2": {User: "U2", Roles: []string{"trader", "system"}},
		"U3": {User: "U3"}, // of no role: a line is asked for rather than passed over
	} {
		if got := c.Dealer(); got != want {
			t.Errorf("%+v: %q, want %q", c, got, want)
		}
	}
	system := &access.Caller{User: "S1", Roles: []string{"system"}, Client: "*"}
	if nobody := (*access.Caller)(nil); nobody.Dealer() != "" || system.Dealer() != "" {
		t.Errorf("%q, %q", nobody.Dealer(), system.Dealer())
	}
}

// Each row: what a caller sees of the lines of a deal within its reach.
func TestACallerSeesTheLinesOfItsRight(t *testing.T) {
	t.Parallel()
	nodes := []string{"group/G1", "desk/FXS1", "dealer/U1", "dealer/U2", "client/C1", "client/C2"}
	for want, c := range map[string]access.Caller{
		"++++++": {User: "U9", Roles: []string{"operations"}},
		"+++-++": {User: "U1", Roles: []string{"trader"}, Desk: "FXS1"},
		"----+-": {User: "S1", Roles: []string{"system"}, Client: "C1"},
		"----++": {User: "S2", Roles: []string{"system"}, Client: "*"},
		"------": {User: "U9", Roles: []string{"director"}},
	} {
		got := ""
		for _, n := range nodes {
			got += map[bool]string{true: "+", false: "-"}[c.SeesLine(n)]
		}
		if got != want {
			t.Errorf("%+v: %s, want %s", c, got, want)
		}
	}
}

// What is made for one is for all of an equal sight.
func TestWhoSeesTheSameLinesHasAnEqualSight(t *testing.T) {
	t.Parallel()
	one, two := access.Caller{User: "U1", Roles: []string{"trader"}, Desk: "FXS1"}.Sight(), access.Caller{User: "U2", Roles: []string{"trader"}, Desk: "FXS1"}.Sight()
	if one == two || one.Common() != two.Common() || one.Common().Sees("dealer/U1") || !one.Common().Sees("desk/FXS1") {
		t.Errorf("%+v and %+v", one, two)
	}
	operator, director := access.Caller{User: "U3", Roles: []string{"operations"}}.Sight(), access.Caller{User: "U4", Roles: []string{"director"}}.Sight()
	if operator != (access.Caller{User: "U5", Roles: []string{"operations"}}).Sight() || operator == director {
		t.Errorf("%+v and %+v", operator, director)
	}
}
