// Package variation describes, as data, how a provider's dialect differs from the standard one: how it writes pairs and tenors,
// the tag of the account, the message types of a line check over FIX 4.4, whether it wants pending answers, and whether answers may
// have more than the standard dictionary of their version.
//
// Every difference in what a provider sends is a renaming with an inverse. So an answer can use the provider's own names again.
package variation

import (
	"strings"
)

// Variation is one dialect. The zero value is the standard one. Parse returns only valid ones.
type Variation struct {
	Symbols    string            `json:"symbols"`     // how it writes EUR/USD: EURUSD, EUR-USD …; empty: EUR/USD
	Tenors     map[string]string `json:"tenors"`      // all its values of SettlType(63, 587), with our value of each; empty: our values
	AccountTag int               `json:"account_tag"` // its tag for Account(1); 0: 1
	CheckTypes [2]string         `json:"check_types"` // its MsgTypes of a check's request and answer over FIX 4.4; empty: UDF and UDG
	NoPending  bool              `json:"no_pending"`  // it gets only final answers
	Extensions bool              `json:"extensions"`  // its answers have what foreign exchange has beyond the version's standard dictionary
}

// standardPair is the pair that Symbols shows in the provider's notation.
const standardPair = "EUR/USD"

// Standard reports whether nothing differs from the standard dialect.
func (v Variation) Standard() bool {
	return v.Symbols == "" && len(v.Tenors) == 0 && v.AccountTag == 0 && v.CheckTypes == [2]string{} && !v.NoPending && !v.Extensions
}

// separator returns the text that the provider writes between two currencies.
func (v Variation) separator() string {
	return strings.TrimSuffix(strings.TrimPrefix(v.Symbols, "EUR"), "USD")
}

// Pair returns a provider's pair in the form EUR/USD; false if its length or its separator is not the provider's. If
// Symbols is empty, it returns any text unchanged and true: the core decides whether it is a pair.
func (v Variation) Pair(sent string) (string, bool) {
	if v.Symbols == "" {
		return sent, true
	}
	if len(sent) != len(v.Symbols) || sent[3:len(sent)-3] != v.separator() {
		return "", false
	}
	return sent[:3] + "/" + sent[len(sent)-3:], true
}

// Symbol is the inverse of Pair. It returns a text that is not a pair unchanged.
func (v Variation) Symbol(pair string) string {
	if v.Symbols == "" || len(pair) != len(standardPair) || pair[3] != '/' {
		return pair
	}
	return pair[:3] + v.separator() + pair[4:]
}

// Tenor returns the standard's SettlType(63) for a provider's value; false if the value was not agreed.
func (v Variation) Tenor(sent string) (string, bool) {
	if len(v.Tenors) == 0 {
		return sent, true
	}
	tenor, known := v.Tenors[sent]
	return tenor, known
}

// SettlType is the inverse of Tenor. It returns a value that the provider has no name for unchanged.
func (v Variation) SettlType(tenor string) string {
	for theirs, ours := range v.Tenors {
		if ours == tenor {
			return theirs
		}
	}
	return tenor
}
