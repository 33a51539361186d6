package line

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract/reason"
)

var path = Path{Group: "G0001", Desk: "FXS1", Client: "C000001"}

// threeLines returns a wide line of the group, a wider one of the desk, and one of 100 (50 of it collateral) of the client.
func threeLines() []Line {
	lines := make([]Line, 0, 3)
	for i, n := range path.Nodes() {
		lines = append(lines, Line{Node: n, Limit: Limit{Amount: dec([]string{"1000", "2000", "50"}[i])}})
	}
	lines[2].Collateral = dec("50")
	return lines
}

func loaded(used ...string) *Book {
	b := NewBook()
	for i, n := range path.Nodes() {
		b.LoadUsage(n, Usage{Consumed: dec(used[i])})
	}
	return b
}

func deal(amount string) Exposure {
	return Exposure{
		Amount: dec(amount), Notional: dec(amount).Mul(dec("10")), ValueDate: date("2026-12-23"),
		Settlements: []Settlement{{day("2026-11-23"), dec(amount).Mul(dec("10"))}},
	}
}

func TestEveryNodePassesOrNone(t *testing.T) {
	t.Parallel()
	client, group, desk := Node{Client, "C000001"}, Node{Group, "G0001"}, Node{Desk, "FXS1"}
	for _, c := range []struct {
		rule, amount string
		used         []string
		binds        Node
		text         string
	}{
		{"fits", "30", []string{"0", "0", "70"}, Node{}, ""},
		{
			"limit and collateral are the client's line", "30.01",
			[]string{"0", "0", "70"},
			client,
			"line of client C000001: limit 50 USD + collateral 50; used 70; this deal needs 30.01; short by 0.01 at node client/C000001",
		},
		{
			"the group binds", "11",
			[]string{"990", "0", "0"},
			group,
			"line of group G0001: limit 1,000 USD; used 990; this deal needs 11; short by 1 at node group/G0001",
		},
		{
			"the desk binds", "20",
			[]string{"900", "1995", "0"},
			desk,
			"line of desk FXS1: limit 2,000 USD; used 1,995; this deal needs 20; short by 15 at node desk/FXS1",
		},
		{
			"the tightest of two binds", "90",
			[]string{"950", "0", "90"},
			client,
			"line of client C000001: limit 50 USD + collateral 50; used 90; this deal needs 90; short by 80 at node client/C000001",
		},
		{
			"over already", "1",
			[]string{"0", "0", "130"},
			client,
			"line of client C000001: limit 50 USD + collateral 50; used 130; this deal needs 1; short by 31 at node client/C000001",
		},
		{"over already, but nothing is added", "0", []string{"0", "0", "130"}, Node{}, ""},
	} {
		v, err := loaded(c.used...).Check(Claim{Exposure: deal(c.amount), Lines: threeLines()})
		if err != nil {
			t.Fatalf("%s: %v", c.rule, err)
		}
		got := Refusal{}
		if v.Refusal != nil {
			got = *v.Refusal
		}
		want := Refusal{Node: c.binds, Text: c.text}
		if c.text != "" {
			want.Code = reason.LineExceeded
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.rule, diff)
		}
	}
}

func TestAVerdictTellsBeforeAndAfterOnEachNode(t *testing.T) {
	t.Parallel()
	v, err := loaded("100", "200", "10").Check(Claim{Exposure: deal("30"), Lines: threeLines()})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][3]string{{"100", "130", "900"}, {"200", "230", "1800"}, {"10", "40", "90"}} {
		s := v.Standings[i]
		equal(t, s.Line.Node.String()+" before", s.Before, want[0])
		equal(t, s.Line.Node.String()+" after", s.After, want[1])
		equal(t, s.Line.Node.String()+" headroom", s.Headroom(), want[2])
	}
}

func TestFurtherRulesOfALine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		change func([]Line)
		code   reason.Code
		node   string
		text   string
	}{
		{
			"clip, the smallest binds", func(l []Line) { l[0].Limit.Clip, l[1].Limit.Clip = nullable("290"), nullable("250") }, reason.ClipExceeded, "desk/FXS1",
			"a deal of 300 USD is above the largest single deal of desk/FXS1, which is 250: deal in smaller parts",
		},
		{"clip, exactly", func(l []Line) { l[0].Limit.Clip = nullable("300") }, "", "", ""},
		{
			"tenor, the shortest binds", func(l []Line) { upTo(&l[0], "2W", "2026-12-07"); upTo(&l[2], "1W", "2026-11-30") }, reason.BeyondMaxTenor, "client/C000001",
			"the last value date is 2026-12-23; client/C000001 allows up to 1W, 2026-11-30: choose a nearer value date",
		},
		{"tenor, exactly", func(l []Line) { upTo(&l[0], "1M", "2026-12-23") }, "", "", ""},
		{
			"settlement", func(l []Line) { l[2].Limit.Settlement = nullable("1000") }, reason.SettlementExceeded, "client/C000001",
			"settlement limit of client/C000001: 1,000 USD a day; due on 2026-11-23: 750; this deal adds 300; short by 50: choose another value date",
		},
		{"settlement, exactly", func(l []Line) { l[2].Limit.Settlement = nullable("1050") }, "", "", ""},
	} {
		lines, book := threeLines(), loaded("0", "0", "0")
		c.change(lines)
		book.LoadSettled(Bucket{Node{Client, "C000001"}, day("2026-11-23")}, dec("750"))
		v, err := book.Check(Claim{Exposure: deal("30"), Lines: lines})
		if err != nil {
			t.Fatalf("%s: %v", c.rule, err)
		}
		switch {
		case c.code == "" && v.Refusal != nil:
			t.Errorf("%s: refused: %s", c.rule, v.Refusal.Text)
		case c.code != "" && (v.Refusal == nil || v.Refusal.Code != c.code || v.Refusal.Node.String() != c.node || v.Refusal.Text != c.text):
			t.Errorf("%s: got %+v", c.rule, v.Refusal)
		}
	}
}

func TestACheckNeedsWhatItDecidesOnLoaded(t *testing.T) {
	t.Parallel()
	if _, err := NewBook().Check(Claim{Exposure: deal("1"), Lines: threeLines()}); !errors.Is(err, ErrNotLoaded) {
		t.Errorf("without usage: %v", err)
	}
	lines := threeLines()
	lines[0].Limit.Settlement = nullable("1")
	if _, err := loaded("0", "0", "0").Check(Claim{Exposure: deal("1"), Lines: lines}); !errors.Is(err, ErrNotLoaded) {
		t.Errorf("without bucket: %v", err)
	}
	if _, err := NewBook().Check(Claim{Exposure: deal("1")}); err == nil {
		t.Error("a check against no line passed")
	}
}

func TestNodesAreLockedInOneOrder(t *testing.T) {
	t.Parallel()
	got := LockOrder([]string{"client/C1", "dealer/U1", "desk/FXS1", "group/G1", "client/C2", "desk/FXS1", "group/G2"})
	want := []string{"group/G2", "group/G1", "desk/FXS1", "dealer/U1", "client/C2", "client/C1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNodeKeys(t *testing.T) {
	t.Parallel()
	for _, n := range (Path{Group: "G0001", Desk: "FXS1", Dealer: "U1", Client: "C000001"}).Nodes() {
		if back, err := ParseNode(n.String()); err != nil || back != n {
			t.Errorf("%s: %v, %v", n, back, err)
		}
	}
	for _, key := range []string{"", "client", "client/", "planet/X", "/C1"} {
		if n, err := ParseNode(key); err == nil {
			t.Errorf("%q was read as %v", key, n)
		}
	}
}

func upTo(l *Line, name, last string) { l.Limit.MaxTenor, l.LastDate = tenor(name), date(last) }
