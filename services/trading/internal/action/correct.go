package action

import (
	"slices"

	"fxcore/services/trading/internal/trade"
)

// CorrectionOf returns the kind of a correction: Rebook if it changes what moves money or counts on a line (client, pair, product, amounts, rates, dates,
// sides), Amend if it changes only names. Refusal: NothingChanges.
func CorrectionOf(before, after trade.Terms) (Kind, error) {
	economic := before.Client != after.Client || before.Pair != after.Pair || before.Product != after.Product || before.DealtCurrency != after.DealtCurrency ||
		!slices.EqualFunc(before.Legs, after.Legs, sameLeg)
	switch {
	case economic:
		return Rebook, nil
	case before.Account != after.Account || before.Reference != after.Reference || before.QuoteID != after.QuoteID:
		return Amend, nil
	}
	return "", refuse(NothingChanges, "the correction changes nothing")
}

func sameLeg(a, b trade.Leg) bool {
	return a.ValueDate == b.ValueDate && a.Base == b.Base && a.BaseSide == b.BaseSide && a.BaseAmount.Equal(b.BaseAmount) &&
		a.Quote == b.Quote && a.QuoteAmount.Equal(b.QuoteAmount) && a.Rate.Equal(b.Rate)
}

// Correcting puts a trade right. Amend makes the next version of it. Rebook ends it and begins another trade, so that both are visible, each with
// its date. Refusals: see [Allowed]; NothingChanges.
func Correcting(s Subject, after trade.Terms, newID string) (Change, Kind, error) {
	kind, err := CorrectionOf(s.Terms, after)
	if err != nil {
		return Change{}, "", err
	}
	next, err := check(s, kind)
	if err != nil {
		return Change{}, kind, err
	}
	ref := trade.Ref{ID: s.ID, Version: s.Version + 1}
	if kind == Rebook {
		ref = trade.Ref{ID: newID, Version: first}
	}
	if err := trade.CheckLegs(after.Product, after.Legs); err != nil {
		return Change{}, kind, err
	}
	return Change{Ends: ends(next, s.Ref), Begins: []Begin{{Ref: ref, Terms: copied(after), Parents: []trade.Ref{s.Ref}}}}, kind, nil
}

// Deleting ends a trade that should never have been booked. Nothing takes its place. Refusals: see [Allowed].
func Deleting(s Subject) (Change, error) {
	next, err := check(s, Delete)
	if err != nil {
		return Change{}, err
	}
	return Change{Ends: ends(next, s.Ref)}, nil
}
