package blotter_test

import (
	"testing"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract/access"
)

// A flag names no line: a reader of the desk reads it as if it were about the line of the dealer.
func TestAFlagAboutALineIsForWhoMaySeeTheDealersLine(t *testing.T) {
	t.Parallel()
	trade := blotter.Trade{
		EnteredBy: &blotter.Caller{User: "U1", Desk: "FXS1"},
		Flags:     []blotter.Flag{{Flag: "late", Text: "by 5 s"}, {Flag: "over_line", Text: "limit 1,234"}},
	}
	provided := trade
	provided.EnteredBy = nil
	for user, want := range map[string]string{"U1": "limit 1,234", "U2": ""} {
		sees := access.Caller{User: user, Roles: []string{"trader"}, Desk: "FXS1"}.SeesLine
		if got := trade.For(sees).Flags; got[0].Text != "by 5 s" || got[1].Text != want {
			t.Errorf("%s reads %+v", user, got)
		}
		if got := provided.For(sees).Flags; got[1].Text != "limit 1,234" {
			t.Errorf("%s reads of a provider's %+v", user, got)
		}
	}
	if trade.Flags[1].Text != "limit 1,234" {
		t.Error("the trade itself has changed")
	}
}

// A refusal that is not about a line is for all who see the trade.
func TestOtherRefusalsAreForAll(t *testing.T) {
	t.Parallel()
	r := blotter.Refusal{Code: "off_market", Text: "1.2 is too far from 1.1", By: "trading"}
	if got := r.For(func(string) bool { return false }, nil); got != r {
		t.Errorf("%+v", got)
	}
}
