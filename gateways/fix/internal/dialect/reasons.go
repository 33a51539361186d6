package dialect

// reason is how a rejection code of the core reads in FIX. The codes that FIX 5.0SP2 added are given apart.
type reason struct {
	order44, order50   string // OrdRejReason(103)
	report44, report50 string // TradeReportRejectReason(751)
	check              string // RiskLimitCheckRequestResult(2326)
}

// other is what FIX has for everything that it does not name.
const otherReason = "99"

// reasonOf translates a rejection code. The text beside it says what FIX's few values cannot.
func reasonOf(code string) reason {
	switch code {
	case "unauthorised":
		return reason{order44: "0", order50: "0", report44: "3", report50: "3", check: "1"}
	case "unknown_client":
		return reason{order44: "15", order50: "15", report44: "1", report50: "1", check: "1"}
	case "client_blocked":
		return reason{order44: "0", order50: "0", report44: "1", report50: "1", check: "1"}
	case "product_not_allowed":
		return reason{order44: "11", order50: "11", report44: "4", report50: "4", check: otherReason}
	case "pair_not_allowed":
		return reason{order44: "0", order50: "0", report44: "3", report50: "3", check: otherReason}
	case "unknown_pair", "same_currency", "currency_unknown":
		return reason{order44: "1", order50: "1", report44: "2", report50: "2", check: otherReason}
	}
	return reasonOfTerms(code)
}

// reasonOfTerms translates what is wrong with amount, date, price or line.
func reasonOfTerms(code string) reason {
	r := reason{order44: otherReason, order50: otherReason, report44: otherReason, report50: otherReason, check: otherReason}
	switch code {
	case "duplicate":
		r.order44, r.order50 = "6", "6"
	case "expired", "reservation_ended":
		r.order44, r.order50 = "4", "4"
	case "unknown_reservation":
		r.order44, r.order50 = "5", "5"
	case "invalid_amount", "over_precise":
		r.order44, r.order50 = "13", "13"
	case "invalid_date", "holiday", "past_date", "beyond_max_tenor":
		r.order44, r.order50 = "11", "11"
	case "stale_rate", "no_static_data":
		r.order50, r.report50 = "19", "6"
	case "off_market":
		r.order50, r.report50 = "16", "5"
	case "size_exceeded":
		r.order44, r.order50, r.report50, r.check = "3", "27", "7", "4"
	case "clip_exceeded":
		r.order44, r.order50, r.report50, r.check = "3", "26", "7", "3"
	case "line_exceeded", "settlement_exceeded":
		r.order44, r.order50, r.check = "3", "25", "2"
	}
	return r
}

// order returns OrdRejReason(103) in the session's version.
func (r reason) order(s Session) string {
	if s.fix44() {
		return r.order44
	}
	return r.order50
}

// report returns TradeReportRejectReason(751) in the session's version.
func (r reason) report(s Session) string {
	if s.fix44() {
		return r.report44
	}
	return r.report50
}
