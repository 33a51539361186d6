package rest

import (
	"slices"

	"fxcore/services/contract/reason"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// The codes of problems that come from here. The core's own are in reasons.
const (
	codeChanged          = "changed"
	codeKeyReused        = "key_reused"
	codePositionUnknown  = "position_unknown"
	codeConditionMissing = "if_match_missing"
	codeSamePerson       = "same_person"
)

// codes returns all codes of problems. Those of trades and line checks that the core refuses are not among them: these are no problems.
func codes() []string {
	all := slices.Concat(web.Codes(), signin.Codes(), []string{codeChanged, codeKeyReused, codePositionUnknown, codeConditionMissing, codeSamePerson})
	for _, code := range reasons() {
		all = append(all, string(code))
	}
	return all
}

// reasons returns the core's codes that a problem may have: about clients and about the market. package signin has those about tokens.
func reasons() []reason.Code {
	return []reason.Code{reason.UnknownClient, reason.UnknownPair, reason.InvalidDate}
}
