package authorization_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/auth/internal/authorization"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// withUsers returns the directory with a user of each role. Trader and sales are on desk FXS4, to which client C000900 belongs;
// client C000001 belongs to FXS1.
func withUsers() authorization.Directory {
	dir := directory()
	users := map[string]authorization.User{}
	for _, role := range rights.Roles() {
		users[string(role)] = authorization.User{Role: string(role), Desk: map[rights.Role]string{rights.Trader: "FXS4", rights.Sales: "FXS4"}[role]}
	}
	dir.Users = fresh(users)
	dir.Desks = fresh(map[string]authorization.Desk{"FXS1": {Products: []string{"spot"}}, "FXS4": {Products: []string{"spot", "forward"}}})
	return dir
}

func byAPI(user string, action rights.Action) authorization.Request {
	r := allowed()
	r.Provider, r.Caller = "API", &authorization.Caller{User: user, Action: action}
	if user == string(rights.System) {
		r.Caller.Client = "C000900"
	}
	if action == rights.ConsumeLine || action == rights.CancelLine {
		r.Purpose = authorization.Resolve
	}
	return r
}

// Each cell: action × role × client. "own" is a client of the desk, and the one of the system's credentials; "other" is neither.
// A cell names the rule that refuses; + is a grant.
func TestEachCellOfACallersRights(t *testing.T) {
	t.Parallel()
	const cells = `
                  trader  sales   operations compliance system
trade.enter  own   +      +       right      right      +
trade.enter  other reach  reach   right      right      reach
line.reserve own   +      +       right      right      +
line.reserve other reach  reach   right      right      reach
line.what_if own   +      +       +          +          +
line.what_if other reach  reach   +          +          reach
line.consume own   +      +       right      right      +
line.consume other reach  reach   right      right      reach
line.cancel  own   +      +       +          right      +
line.cancel  other reach  reach   +          right      reach
`
	rows := strings.Split(strings.TrimSpace(cells), "\n")
	for _, row := range rows[1:] {
		words := strings.Fields(row)
		for i, role := range strings.Fields(rows[0]) {
			r := byAPI(role, rights.Action(words[0]))
			r.Client = map[string]string{"own": "C000900", "other": "C000001"}[words[1]]
			d := authorization.Authorize(r, withUsers(), now)
			got := "+"
			if !d.Granted {
				got = d.Rule
			}
			if got != words[i+2] || !d.Granted && d.Code != reason.Unauthorised {
				t.Errorf("%s of a %s for %s client: %s (%s %s), want %s", words[0], role, words[1], got, d.Code, d.Text, words[i+2])
			}
		}
	}
}

func TestEachRuleRefusesACallerWithItsCodeAndAText(t *testing.T) {
	t.Parallel()
	type request = authorization.Request
	cases := []struct {
		name  string
		spoil func(*request, *authorization.Directory)
		rule  string
		code  reason.Code
		text  string // part of it
	}{
		{"no users", func(_ *request, d *authorization.Directory) { d.Users.Records = nil }, "static-data", "no_static_data", "users missing"},
		{"desks too old", func(_ *request, d *authorization.Directory) { d.Desks.Until = now.Add(-1) }, "static-data", "no_static_data", "desks missing"},
		{"a user who left", func(_ *request, d *authorization.Directory) { delete(d.Users.Records, "trader") }, "caller-active", "unauthorised", `"trader" is not in the bank's list`},
		{"another role since", func(_ *request, d *authorization.Directory) {
			d.Users.Records["trader"] = authorization.User{Role: "compliance"}
		}, "right", "unauthorised", `user trader is compliance, which gives no right to "trade.enter"`},
		{"another desk since", func(_ *request, d *authorization.Directory) {
			d.Users.Records["trader"] = authorization.User{Role: "trader", Desk: "FXS1"}
		}, "reach", "unauthorised", "client \"C000900\" is out of reach of user trader: the right to \"trade.enter\" reaches own desk"},
		{"unknown client", func(r *request, _ *authorization.Directory) { r.Client = "C999999" }, "reach", "unauthorised", "C999999"},
		{"unknown client of a system of the bank", func(r *request, _ *authorization.Directory) {
			r.Caller.User, r.Caller.Client, r.Client = "system", "*", "C999999"
		}, "client-active", "unknown_client", "C999999"},
		{"blocked client", func(r *request, _ *authorization.Directory) { r.Client = "C000902" }, "client-active", "client_blocked", "C000902 is blocked"},
		{"another client's account", func(r *request, _ *authorization.Directory) { r.Account = "A2" }, "account", "unauthorised", `"A2"`},
		{"an account in a third currency", func(r *request, _ *authorization.Directory) { r.Account = "C000900-JPY" }, "account-currency", "account_mismatch", "JPY"},
		{"product", func(r *request, _ *authorization.Directory) { r.Product = "swap" }, "product", "product_not_allowed", `desk FXS4 does not deal in "swap", only in: spot, forward`},
		{"size", func(r *request, _ *authorization.Directory) { r.Amount = dec("1e9") }, "size", "size_exceeded", "that user trader may deal at once"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, dir := byAPI("trader", rights.EnterTrade), withUsers()
			c.spoil(&r, &dir)
			d := authorization.Authorize(r, dir, now)
			if d.Granted || d.Rule != c.rule || d.Code != c.code || !strings.Contains(d.Text, c.text) {
				t.Errorf("got %+v\nwant rule %s, code %s, text with %q", d, c.rule, c.code, c.text)
			}
		})
	}
}

// Whoever may deal for some clients cannot learn from refusals which other clients the bank has, nor how these are.
func TestOfAClientOutOfReachNothingIsTold(t *testing.T) {
	t.Parallel()
	for _, action := range []rights.Action{rights.EnterTrade, rights.ReserveLine, rights.CancelLine} {
		told := map[string]bool{}
		for _, client := range []string{"C000001", "C999999", "C000002"} {
			dir := withUsers()
			dir.Clients.Records["C000002"] = authorization.Client{Status: "blocked", Desk: "FXS1"}
			r := byAPI("trader", action)
			r.Client = client
			d := authorization.Authorize(r, dir, now)
			told[strings.ReplaceAll(fmt.Sprint(d.Granted, d.Rule, d.Code, d.Text), client, "")] = true
		}
		if len(told) != 1 {
			t.Errorf("%s: %v", action, told)
		}
	}
}

func TestACallerIsGrantedTermsLikeAProvider(t *testing.T) {
	t.Parallel()
	got := authorization.Authorize(byAPI("trader", rights.EnterTrade), withUsers(), now).Terms
	want := authorization.Authorize(allowed(), directory(), now).Terms
	want.MaxAmountUSD = authorization.CallerMaxAmountUSD()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A caller needs no list of providers, and a provider none of users.
func TestOnlyTheSetsOfTheKindOfRequestAreNeeded(t *testing.T) {
	t.Parallel()
	dir := withUsers()
	dir.Providers.Records = nil
	if d := authorization.Authorize(byAPI("trader", rights.EnterTrade), dir, now); !d.Granted {
		t.Error(fmt.Sprint(d))
	}
	dir = withUsers()
	dir.Users.Records, dir.Desks.Records = nil, nil
	if d := authorization.Authorize(allowed(), dir, now); !d.Granted {
		t.Error(fmt.Sprint(d))
	}
}

func TestAReservationOfABlockedClientIsResolvedByACaller(t *testing.T) {
	t.Parallel()
	r := byAPI("trader", rights.CancelLine)
	r.Client = "C000902"
	if d := authorization.Authorize(r, withUsers(), now); !d.Granted {
		t.Errorf("refused by %s: %s", d.Rule, d.Text)
	}
}
