package steps

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
)

// threeClients are C000001 and C000002 of one group on FXS1, and C000003 of no group on FXS2, whose line was removed.
func threeClients() *directory.Snapshot {
	s := snapshot()
	s.Members = map[string][]string{"G0001": {"C000001", "C000002"}}
	s.Clients["C000003"] = directory.Client{Desk: "FXS2"}
	s.Limits[line.Node{Level: line.Dealer, ID: "U1"}] = usd(line.Limit{Amount: dec("60000")})
	s.Limits[line.Node{Level: line.Dealer, ID: "U2"}] = usd(line.Limit{Amount: dec("60000")})
	s.Limits[line.Node{Level: line.Desk, ID: "FXS2"}] = directory.Limit{Limit: line.Limit{Amount: dec("1000")}, Currency: "EUR"}
	return s
}

func names(a messages.LinesAnswer) string {
	var all []string
	for _, l := range a.Lines {
		all = append(all, strings.NewReplacer("client/C00000", "c", "dealer/", "", "desk/FXS", "d", "group/G000", "g").Replace(l.Node))
	}
	return strings.Join(all, " ")
}

// Each cell of the table's row line.view, and each filter.
func TestLinesAreThoseThatTheCallerMaySeeAndAskedFor(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: threeClients()})
	trader := access.Caller{User: "U1", Roles: []string{"trader"}, Desk: "FXS1"}
	for name, c := range map[string]struct {
		who   access.Caller
		asked map[string]any
		want  string
	}{
		"all lines":                 {everyone(), map[string]any{}, "c1 c2 c3 U1 U2 d1 d2 g1"},
		"compliance":                {access.Caller{Roles: []string{"compliance"}}, map[string]any{}, "c1 c2 c3 U1 U2 d1 d2 g1"},
		"a trader":                  {trader, map[string]any{}, "c1 c2 U1 d1 g1"},
		"sales of the other desk":   {access.Caller{User: "U2", Roles: []string{"sales"}, Desk: "FXS2"}, map[string]any{}, "c3 U2 d2"},
		"a trader of no desk":       {access.Caller{User: "U9", Roles: []string{"trader"}}, map[string]any{}, ""},
		"a client's system":         {access.Caller{User: "S1", Roles: []string{"system"}, Client: "C000002"}, map[string]any{}, "c2"},
		"a system of the bank":      {access.Caller{User: "S1", Roles: []string{"system"}, Client: "*"}, map[string]any{}, "c1 c2 c3"},
		"a system of no client":     {access.Caller{User: "S1", Roles: []string{"system"}}, map[string]any{}, ""},
		"an unknown role":           {access.Caller{User: "U1", Roles: []string{"director"}, Desk: "FXS1"}, map[string]any{}, ""},
		"of a client":               {everyone(), map[string]any{"client": "C000001"}, "c1 d1 g1"},
		"of a client out of reach":  {trader, map[string]any{"client": "C000003"}, ""},
		"of a desk":                 {everyone(), map[string]any{"desk": "FXS2"}, "c3 d2"},
		"one":                       {trader, map[string]any{"node": "desk/FXS1"}, "d1"},
		"one that is out of reach":  {trader, map[string]any{"node": "desk/FXS2"}, ""},
		"one that does not exist":   {everyone(), map[string]any{"node": "desk/FXS9"}, ""},
		"after another":             {everyone(), map[string]any{"after": "dealer/U1"}, "U2 d1 d2 g1"},
		"those that are used":       {everyone(), map[string]any{"min_used": "0.5"}, "c3"}, // it has no room at all
		"an unknown client's lines": {everyone(), map[string]any{"client": "C9"}, ""},
	} {
		if got := names(linesOf(t, q, c.who, c.asked)); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPagesOfLinesMeetEndToEnd(t *testing.T) {
	t.Parallel()
	q := asking(t, schema(t), static{snapshot: threeClients()})
	for _, asked := range []map[string]any{{}, {"min_used": "0"}} {
		whole := names(linesOf(t, q, everyone(), asked))
		for limit := 1; limit <= 9; limit++ {
			var pages []string
			asked["limit"], asked["after"] = limit, ""
			for {
				page := linesOf(t, q, everyone(), asked)
				pages = append(pages, names(page))
				if page.Next == "" {
					break
				}
				asked["after"] = page.Next
			}
			if got := strings.Join(pages, " "); got != whole {
				t.Errorf("pages of %d, %v: %q, want %q", limit, asked, got, whole)
			}
		}
		delete(asked, "after")
	}
}

func TestALineShowsWhatItAllowsAndCarries(t *testing.T) {
	t.Parallel()
	pool := schema(t)
	q := asking(t, pool, static{snapshot: threeClients()})
	h := at(noon, all(static{snapshot: threeClients()})).Handler(pool, "linecheck/1", q.Log)
	one, two := spot{"T1", "C000001", "1000000"}, spot{"T2", "C000001", "400000"}
	handle(t, h, one.message(t, contract.TradeValidated, "1"), two.message(t, contract.TradeValidated, "1"), one.message(t, contract.TradeRegistered, "1"))
	get := func(node string) messages.Line {
		found := linesOf(t, q, everyone(), map[string]any{"node": node, "ladder": true}).Lines
		if len(found) != 1 {
			t.Fatalf("%s: %+v", node, found)
		}
		return found[0]
	}
	amount := func(text string) *messages.Settlement {
		return &messages.Settlement{ValueDate: "2026-11-26", Amount: dec(text)}
	}
	peak := amount("1400000")
	limit, collateral, headroom, due, clip := dec("100000"), dec("50000"), dec("10000"), dec("2000000"), dec("1900000")
	if diff := cmp.Diff(messages.Line{
		Node: "client/C000001", Parents: []string{"group/G0001", "desk/FXS1"}, Limit: &limit, Collateral: &collateral, Headroom: &headroom,
		Reserved: dec("40000"), Consumed: dec("100000"), Used: dec("140000"), SettlementLimit: &due, Clip: &clip, MaxTenor: "3M",
		SettlementPeak: peak, Ladder: []messages.Settlement{*peak},
	}, get("client/C000001")); diff != "" {
		t.Error(diff)
	}
	if g := get("group/G0001"); !g.Used.Equal(dec("90000")) || !g.Covered.Equal(collateral) || !g.Reserved.Add(g.Consumed).Equal(dec("140000")) {
		t.Errorf("%+v", g)
	}
	if d := get("desk/FXS2"); d.Stated == nil || d.Stated.Currency != "EUR" || !d.Limit.Equal(dec("1000")) || len(d.Ladder) > 0 || d.SettlementPeak != nil {
		t.Errorf("%+v", d)
	}
	if c := get("client/C000003"); c.Limit != nil || c.Headroom != nil {
		t.Errorf("a client without a line: %+v", c)
	}
	if got := names(linesOf(t, q, everyone(), map[string]any{"min_used": "0.9"})); got != "c1 c3" {
		t.Errorf("near their limit: %q", got)
	}
}
