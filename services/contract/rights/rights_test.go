package rights_test

import (
	"fmt"
	"strings"
	"testing"

	"fxcore/services/contract/rights"
)

// Each cell of the table, written down a second time: who changes a right has to say so twice.
const cells = `
                   trader   sales    operations compliance system
trade.enter        own-desk own-desk -          -          own-client
trade.view         own-desk own-desk all        all        own-client
trade.correct      -        -        all        -          -
line.reserve       own-desk own-desk -          -          own-client
line.consume       own-desk own-desk -          -          own-client
line.cancel        own-desk own-desk all        -          own-client
line.what_if       own-desk own-desk all        all        own-client
line.view          own-desk own-desk all        all        own-client
client.view        own-desk own-desk all        all        own-client
market.view        all      all      all        all        all
settlement.view    own-desk own-desk all        all        own-client
settlement.command -        -        all        -          -
job.view           -        -        all        all        -
job.command        -        -        all        -          -
day.end            -        -        all        -          -
original.view      -        -        all        all        -
token.revoke       -        -        all        all        -
operations.view    -        -        all        all        -
operations.command -        -        all        -          -
error.view         -        -        all        -          -
error.replay       -        -        all        -          -
error.discard      -        -        all        -          -
journal.view       -        -        all        all        -
audit.read         -        -        all        all        -
`

// holder is on desk FXS1 and, if a system, acts for C1.
func holder(role rights.Role) rights.Holder {
	h := rights.Holder{Roles: []string{string(role)}}
	switch role {
	case rights.Trader, rights.Sales:
		h.Desk = "FXS1"
	case rights.System:
		h.Client = "C1"
	default:
	}
	return h
}

func TestEachCell(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(cells), "\n")
	if len(lines)-1 != len(rights.Actions()) {
		t.Fatalf("%d actions, want %d", len(rights.Actions()), len(lines)-1)
	}
	for i, action := range rights.Actions() {
		row := strings.Fields(lines[i+1])
		for column, role := range rights.Roles() {
			cell := fmt.Sprintf("%s of a %s", action, role)
			reach := strings.ReplaceAll(row[column+1], "own-", "own ")
			if row[0] != string(action) || rights.Of(role, action).String() != reach {
				t.Errorf("%s reaches %s, want %s %s", cell, rights.Of(role, action), row[0], reach)
			}
			checkReach(t, cell, holder(role), action, reach)
		}
	}
}

// checkReach compares for each client whether the holder's right reaches it with what the cell says.
func checkReach(t *testing.T, cell string, h rights.Holder, action rights.Action, reach string) {
	t.Helper()
	for _, on := range []struct {
		client, desk string
		reached      bool
	}{
		{"C1", "FXS1", reach != "-"},
		{"C2", "FXS1", reach == "own desk" || reach == "all"},
		{"C1", "FXS2", reach == "own client" || reach == "all"},
		{"C2", "FXS2", reach == "all"},
	} {
		if got := h.Reaches(action, on.client, on.desk); got != on.reached {
			t.Errorf("%s: client %s of desk %s: %v, want %v", cell, on.client, on.desk, got, on.reached)
		}
	}
}

func TestWhatTheTableDoesNotHaveIsNoRight(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]rights.Holder{
		"nobody": {}, "an unknown role": {Roles: []string{"director"}, Desk: "FXS1", Client: "*"},
		"a trader of no desk": {Roles: []string{"trader"}}, "a system of no client": {Roles: []string{"system"}},
	} {
		if h.Reaches(rights.EnterTrade, "C1", "FXS1") || h.Reaches(rights.EnterTrade, "", "") {
			t.Errorf("%s may enter trades", name)
		}
	}
	if rights.Of(rights.Operations, "bank.close") != rights.Nothing {
		t.Error("an unknown action is allowed")
	}
}

func TestASystemOfTheBankActsForEveryClient(t *testing.T) {
	t.Parallel()
	h := rights.Holder{Roles: []string{"system"}, Client: "*"}
	if !h.Reaches(rights.EnterTrade, "C1", "FXS1") || h.Reaches(rights.EnterTrade, "", "FXS1") {
		t.Error("not every client, or no client at all")
	}
}

func TestOfSeveralRolesTheWidestCounts(t *testing.T) {
	t.Parallel()
	h := rights.Holder{Roles: []string{"trader", "operations"}, Desk: "FXS1"}
	if h.Reach(rights.ViewTrades) != rights.All || h.Reach(rights.EnterTrade) != rights.OwnDesk {
		t.Errorf("%s, %s", h.Reach(rights.ViewTrades), h.Reach(rights.EnterTrade))
	}
	if got := len(h.Actions()); got != len(rights.Actions()) {
		t.Errorf("%d actions", got)
	}
}
