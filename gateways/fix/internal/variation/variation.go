// Package variation is how a provider's dialect differs from the standard one, as data: how it writes pairs and tenors, in
// which tag it names the account, what it calls a line check over FIX 4.4, and whether it wants pending answers.
//
// Every difference is a renaming that can be undone, so that a message read and answered says what was asked.
package variation

import (
	"strings"
)

// Variation is one dialect. The zero value is the standard one. It is valid: see Parse.
type Variation struct {
	Symbols    string            `json:"symbols"`     // how it writes EUR/USD: EURUSD, EUR-USD …; empty: as it stands
	Tenors     map[string]string `json:"tenors"`      // its values of SettlType(63, 587), all of them, and ours; empty: ours
	AccountTag int               `json:"account_tag"` // in which it has what is in Account(1) elsewhere; 0: in 1
	CheckTypes [2]string         `json:"check_types"` // its MsgTypes of request and answer over FIX 4.4; empty: UDF and UDG
	NoPending  bool              `json:"no_pending"`  // it is told the final answer alone
}

// standardPair is the pair in whose notation Symbols is written.
const standardPair = "EUR/USD"

// Standard tells that nothing differs.
func (v Variation) Standard() bool {
	return v.Symbols == "" && len(v.Tenors) == 0 && v.AccountTag == 0 && v.CheckTypes == [2]string{} && !v.NoPending
}

// separator is what it writes between two currencies.
func (v Variation) separator() string {
	return strings.TrimSuffix(strings.TrimPrefix(v.Symbols, "EUR"), "USD")
}

// Pair reads a pair as EUR/USD; false if it is not written as agreed.
func (v Variation) Pair(sent string) (string, bool) {
	if v.Symbols == "" {
		return sent, true
	}
	if len(sent) != len(v.Symbols) || sent[3:len(sent)-3] != v.separator() {
		return "", false
	}
	return sent[:3] + "/" + sent[len(sent)-3:], true
}

// Symbol is Pair's inverse. What is no pair stays as it is.
func (v Variation) Symbol(pair string) string {
	if v.Symbols == "" || len(pair) != len(standardPair) || pair[3] != '/' {
		return pair
	}
	return pair[:3] + v.separator() + pair[4:]
}

// Tenor reads a tenor as SettlType(63) of the standard has it; false if it is none that was agreed.
func (v Variation) Tenor(sent string) (string, bool) {
	if len(v.Tenors) == 0 {
		return sent, true
	}
	tenor, known := v.Tenors[sent]
	return tenor, known
}

// SettlType is Tenor's inverse.
func (v Variation) SettlType(tenor string) string {
	for theirs, ours := range v.Tenors {
		if ours == tenor {
			return theirs
		}
	}
	return tenor
}
