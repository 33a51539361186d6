package stream_test

import (
	"strings"
	"testing"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract/access"
)

// People of a desk read one frame, in which a refusal is about the own line of one of them.
func TestAFrameTellsAColleagueNothingOfADealersLine(t *testing.T) {
	m := newTable()
	hub := replica(t, m)
	ears := map[string]*ear{"U1": {}, "U2": {}, "U3": {}}
	for user, e := range ears {
		sight := access.Caller{User: user, Roles: []string{"trader"}, Desk: "FXS1"}.Sight()
		defer e.listen(t, hub, stream.Group{Desk: "FXS1", Lines: sight}, start)()
	}
	m.refuse("a", "FXS1", &blotter.Refusal{Code: "line_exceeded", Text: "limit 1,234", Node: "dealer/U1"})
	for user, e := range ears {
		e.await(t, "a")
		e.mu.Lock()
		if said := e.said.String(); strings.Contains(said, "limit 1,234") != (user == "U1") {
			t.Errorf("%s reads %s", user, said)
		}
		e.mu.Unlock()
	}
}
