package dialect

import "fxcore/services/contract/reason"

// fixReason has FIX's values for a rejection code of the core. FIX 5.0SP2 has more values than FIX 4.4.
type fixReason struct {
	order44, order50   string // OrdRejReason(103)
	report44, report50 string // TradeReportRejectReason(751)
	check              string // RiskLimitCheckRequestResult(2326)
}

// otherReason is FIX's value "other".
const otherReason = "99"

// fixReasons has an entry for each code of the core. The text beside the code says what FIX's few values cannot.
var fixReasons = map[reason.Code]fixReason{
	// who asks, and for whom
	reason.Unauthorised:      {"0", "0", "3", "3", "1"},
	reason.UnknownClient:     {"15", "15", "1", "1", "1"},
	reason.ClientBlocked:     {"0", "0", "1", "1", "1"},
	reason.ProductNotAllowed: {"11", "11", "4", "4", otherReason},
	reason.PairNotAllowed:    {"0", "0", "3", "3", otherReason},
	reason.SizeExceeded:      {"3", "27", otherReason, "7", "4"},
	reason.Duplicate:         {"6", "6", otherReason, otherReason, otherReason},
	reason.AccountMismatch:   {"15", "15", "1", "1", otherReason},
	// what is asked
	reason.Expired:         {"4", "4", otherReason, otherReason, otherReason},
	reason.UnknownPair:     {"1", "1", "2", "2", otherReason},
	reason.SameCurrency:    {"1", "1", "2", "2", otherReason},
	reason.CurrencyUnknown: {"1", "1", "2", "2", otherReason},
	reason.InvalidAmount:   {"13", "13", otherReason, otherReason, otherReason},
	reason.OverPrecise:     {"13", "13", otherReason, otherReason, otherReason},
	reason.InvalidDate:     {"11", "11", otherReason, otherReason, otherReason},
	reason.Holiday:         {"11", "11", otherReason, otherReason, otherReason},
	reason.PastDate:        {"11", "11", otherReason, otherReason, otherReason},
	reason.CutOffPassed:    {"4", "4", otherReason, otherReason, otherReason},
	reason.BeyondMaxTenor:  {"11", "11", otherReason, otherReason, otherReason},
	reason.OffMarket:       {otherReason, "16", otherReason, "5", otherReason},
	reason.UnknownQuote:    {otherReason, otherReason, otherReason, otherReason, otherReason},
	reason.QuoteExpired:    {"4", "4", otherReason, otherReason, otherReason},
	reason.QuoteMismatch:   {otherReason, otherReason, otherReason, otherReason, otherReason},
	reason.Contradiction:   {otherReason, otherReason, otherReason, otherReason, otherReason},
	// what the core does not have
	reason.StaleRate:    {otherReason, "19", otherReason, "6", otherReason},
	reason.NoStaticData: {otherReason, "19", otherReason, "6", otherReason},
	// lines and reservations
	reason.LineExceeded:       {"3", "25", otherReason, otherReason, "2"},
	reason.SettlementExceeded: {"3", "25", otherReason, otherReason, "2"},
	reason.ClipExceeded:       {"3", "26", otherReason, "7", "3"},
	reason.UnknownReservation: {"5", "5", otherReason, otherReason, otherReason},
	reason.ReservationEnded:   {"4", "4", otherReason, otherReason, otherReason},
	reason.ReservationDiffers: {otherReason, otherReason, otherReason, otherReason, otherReason},
}

// reasonOf translates a rejection code. An unknown code, sent by a newer service, becomes otherReason in every field.
func reasonOf(code reason.Code) fixReason {
	if r, known := fixReasons[code]; known {
		return r
	}
	return fixReason{otherReason, otherReason, otherReason, otherReason, otherReason}
}

// order returns OrdRejReason(103) in the session's version.
func (r fixReason) order(s Session) string {
	if s.fix44() || newerOrderReason[r.order50] && !s.agreed.extensions {
		return r.order44
	}
	return r.order50
}

// report returns TradeReportRejectReason(751) in the session's version.
func (r fixReason) report(s Session) string {
	if s.fix44() || newerReportReason[r.report50] && !s.agreed.extensions {
		return r.report44
	}
	return r.report50
}

// Values that are newer than FIX50SP2.xml as QuickFIX ships it: of OrdRejReason(103) and TradeReportRejectReason(751).
var (
	newerOrderReason  = map[string]bool{"19": true, "25": true, "26": true, "27": true}
	newerReportReason = map[string]bool{"5": true, "6": true, "7": true}
)
