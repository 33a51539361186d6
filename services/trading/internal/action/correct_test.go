package action_test

import (
	"testing"

	"fxcore/services/trading/internal/action"
	"fxcore/services/trading/internal/trade"
)

// Non-economic: amend. Economic: cancel and rebook, both visible (reference 1.7).
func TestTheKindOfACorrectionFollowsFromWhatDiffers(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*trade.Terms)
		want   action.Kind
	}{
		"account":    {func(t *trade.Terms) { t.Account = "EUR-2" }, action.Amend},
		"reference":  {func(t *trade.Terms) { t.Reference = "C-2" }, action.Amend},
		"client":     {func(t *trade.Terms) { t.Client = "C000002" }, action.Rebook},
		"pair":       {func(t *trade.Terms) { t.Pair = "EUR/GBP" }, action.Rebook},
		"amount":     {func(t *trade.Terms) { t.Legs[0].BaseAmount = dec("1") }, action.Rebook},
		"other side": {func(t *trade.Terms) { t.Legs[0].BaseSide = trade.Sell }, action.Rebook},
		"rate":       {func(t *trade.Terms) { t.Legs[0].Rate = dec("1.2") }, action.Rebook},
		"date":       {func(t *trade.Terms) { t.Legs[0].ValueDate++ }, action.Rebook},
		"both":       {func(t *trade.Terms) { t.Account, t.Client = "EUR-2", "C000002" }, action.Rebook},
	} {
		t.Run(name, func(t *testing.T) {
			s, after := of(trade.Forward), of(trade.Forward).Terms
			c.change(&after)
			change, kind, err := action.Correcting(s, after, "new")
			refusedAs(t, err, "")
			want := map[action.Kind]trade.Ref{action.Amend: {ID: "whole", Version: 2}, action.Rebook: {ID: "new", Version: 1}}[c.want]
			if kind != c.want || change.Begins[0].Ref != want || change.Ends[0] != (action.End{Ref: s.Ref, As: trade.Superseded}) || change.Begins[0].Parents[0] != s.Ref {
				t.Errorf("%s: %+v", kind, change)
			}
		})
	}
}

func TestACorrectionThatChangesNothingIsRefused(t *testing.T) {
	_, _, err := action.Correcting(of(trade.Spot), of(trade.Spot).Terms, "new")
	refusedAs(t, err, action.NothingChanges)
}

func TestADeletedTradeHasNothingInItsPlace(t *testing.T) {
	change, err := action.Deleting(of(trade.Swap))
	refusedAs(t, err, "")
	if len(change.Begins) > 0 || change.Ends[0] != (action.End{Ref: trade.Ref{ID: "whole", Version: 1}, As: trade.Deleted}) {
		t.Errorf("%+v", change)
	}
}

// Only corrections say that the books are wrong: the bank's own people alone may do them, two at a time.
func TestWhichActionsCorrect(t *testing.T) {
	for _, kind := range action.Kinds() {
		if want := kind == action.Amend || kind == action.Rebook || kind == action.Delete; kind.Corrects() != want {
			t.Errorf("%s: %v", kind, !want)
		}
	}
}
