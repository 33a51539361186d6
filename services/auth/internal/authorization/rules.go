package authorization

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// matter is one request under examination, with what earlier rules have found for later ones.
type matter struct {
	Request
	dir       Directory
	now       time.Time
	provider  Provider
	maxUSD    decimal.Decimal // the largest size of one deal
	holder    rights.Holder   // of a caller's rights
	client    Client
	amountUSD decimal.Decimal
	sizedAt   time.Time // of the rates by which the deal was sized
	outdated  bool      // a report is decided on data that are too old
	flags     []Flag    // of a report
}

type refusal struct {
	code reason.Code
	text string
}

// flag returns the name of the flag that a report gets instead of the refusal; empty if the report cannot be booked.
func (r refusal) flag() string {
	switch r.code { //nolint:exhaustive // the others refuse a report, too
	case reason.ClientBlocked, reason.AccountMismatch, reason.ProductNotAllowed, reason.PairNotAllowed, reason.SizeExceeded:
		return string(r.code)
	case reason.CurrencyUnknown: // whether the bank deals it is for trading to say
		return FlagNotSized
	}
	return ""
}

// FlagOldData says that the static data on which a report was decided are too old for a request.
const FlagOldData = "old_data"

// FlagNotSized says that no rate is known, or that it is too old, by which a report is compared with the provider's largest size.
const FlagNotSized = "size_not_judged"

type rule struct {
	name   string
	refuse func(*matter) *refusal // returns nil to allow the request
}

// rules returns the rules that apply, in order. Later rules use what earlier rules have found.
func rules(r Request) []rule {
	if r.Caller != nil {
		return callerRules(r.Purpose)
	}
	standing := []rule{{RuleStaticData, haveStaticData}, {RuleProvider, providerActive}}
	if r.Purpose == Resolve {
		return standing
	}
	return append(standing,
		rule{RuleActsFor, actsForClient}, rule{RuleClient, clientActive}, rule{RuleAccount, accountOfClient},
		rule{RuleCurrency, accountOfPair}, rule{RuleProduct, productAllowed}, rule{RulePair, pairAllowed}, rule{RuleSize, withinSize})
}

func refuse(code reason.Code, format string, args ...any) *refusal {
	return &refusal{code, fmt.Sprintf(format, args...)}
}

// haveStaticData refuses a request for which a set is missing or too old. A report is decided on sets that are too old, and flagged.
func haveStaticData(m *matter) *refusal {
	missing := m.dir.missing(m.Request, m.now)
	switch {
	case len(missing) == 0:
		return nil
	case m.Purpose == Report && len(m.dir.missing(m.Request, anyAge)) == 0:
		m.outdated = true
		m.flags = append(m.flags, Flag{FlagOldData, strings.Join(missing, " and ") + " too old for a request: it is decided on what data there are"})
		return nil
	}
	return refuse(reason.NoStaticData, "%s missing or too old to decide on: nothing was done; send a new request in a minute, "+
		"and call operations if this lasts", strings.Join(missing, " and "))
}

func providerActive(m *matter) *refusal {
	p, known := m.dir.Providers.Records[m.Provider]
	if !known {
		return refuse(reason.Unauthorised, "provider %s is not in the bank's list of providers: ask the bank to enter it", m.Provider)
	}
	if p.Status != Active {
		return refuse(reason.Unauthorised, "provider %s is %s: ask the bank's provider desk to release it", m.Provider, p.Status)
	}
	m.provider, m.maxUSD = p, p.MaxAmountUSD
	return nil
}

func clientKnown(m *matter) *refusal {
	c, known := m.dir.Clients.Records[m.Client]
	if !known {
		return m.noSuchClient()
	}
	m.client = c
	return nil
}

func clientActive(m *matter) *refusal {
	if unknown := clientKnown(m); unknown != nil {
		return unknown
	}
	if m.client.Status != Active {
		return refuse(reason.ClientBlocked, "client %s is %s: its relationship manager can release it", m.Client, m.client.Status)
	}
	return nil
}

// actsForClient comes before any rule that tells something about the client.
func actsForClient(m *matter) *refusal {
	if m.provider.actsFor(m.Client) {
		return nil
	}
	return m.noSuchClient()
}

// noSuchClient is the one answer for a client that does not exist and for one that has given no mandate. Otherwise a provider could find
// out which clients the bank has.
func (m *matter) noSuchClient() *refusal {
	if m.Caller != nil { // its right reaches every client
		return refuse(reason.UnknownClient, "client %.64q is not known: check the client's id", m.Client)
	}
	return refuse(reason.UnknownClient, "client %.64q is not known, or has given provider %s no mandate: check the client's id", m.Client, m.Provider)
}

// accountOfClient refuses an account of another client. If the request names no account, or the client itself, the bank
// chooses the account.
func accountOfClient(m *matter) *refusal {
	if m.Account == "" || m.Account == m.Client || m.dir.Accounts.Records[m.Account].Client == m.Client {
		return nil
	}
	return refuse(reason.Unauthorised, "account %q is not an account of client %s: name one of its own, or none", m.Account, m.Client)
}

// accountOfPair refuses an account in a currency that the deal does not exchange: nothing of it could be paid from there.
func accountOfPair(m *matter) *refusal {
	if m.Account == "" || m.Account == m.Client {
		return nil
	}
	currency := m.dir.Accounts.Records[m.Account].Currency
	if base, quote, _ := strings.Cut(m.Pair, "/"); currency != "" && (currency == base || currency == quote) {
		return nil
	}
	return refuse(reason.AccountMismatch, "account %q is in %q, which is no currency of %s: name an account in one of the pair's, or none",
		m.Account, currency, m.Pair)
}

func productAllowed(m *matter) *refusal {
	if m.dealsIn(m.Product) {
		return nil
	}
	return refuse(reason.ProductNotAllowed, "provider %s may not deal in %q, only in: %s", m.Provider, m.Product,
		strings.Join(m.provider.Products, ", "))
}

func pairAllowed(m *matter) *refusal {
	if m.provider.quotes(m.Pair) {
		return nil
	}
	return refuse(reason.PairNotAllowed, "provider %s may not deal in %q, only in: %s", m.Provider, m.Pair,
		strings.Join(m.provider.Pairs, ", "))
}

func withinSize(m *matter) *refusal {
	amount, asOf := m.Amount.Abs(), stamp(m.dir.Rates.AsOf)
	usd, known := inUSD(amount, m.Currency, m.dir.Rates.Records)
	if m.Purpose == Report && !m.dir.Rates.Usable(m.now) {
		return refuse(reason.CurrencyUnknown, "the rates are missing or too old, so the size cannot be judged")
	}
	if !known {
		return refuse(reason.CurrencyUnknown, "no reference rate for %q, so the size cannot be judged: check the %s", m.Currency, m.sourceOfCurrency())
	}
	m.amountUSD, m.sizedAt = usd, m.dir.Rates.AsOf
	if usd.GreaterThan(m.maxUSD) {
		return refuse(reason.SizeExceeded, "%s %s is %s USD at the rates of %s, more than the %s USD that %s may deal at once",
			amount, m.Currency, usd.StringFixed(cents), asOf, m.maxUSD, m.who())
	}
	return nil
}

// sourceOfCurrency names what the dealt currency came from, as far as the request shows it: the request may leave the currency out,
// and then it is the pair's first.
func (m *matter) sourceOfCurrency() string {
	if strings.Contains(m.Pair, m.Currency) {
		return fmt.Sprintf("pair, %q", m.Pair)
	}
	return "currency"
}

// who names who asks.
func (m *matter) who() string {
	if m.Caller != nil {
		return "user " + m.Caller.User
	}
	return "provider " + m.Provider
}

func (m *matter) terms() Terms {
	if m.Purpose == Resolve {
		return Terms{}
	}
	return Terms{
		ClientGroup: m.client.Group, Desk: m.client.Desk, DateDecides: m.DateDecides && m.dealsIn(forward),
		MaxAmountUSD: m.maxUSD, AmountUSD: m.amountUSD, RatesAsOf: m.sizedAt,
	}
}

// forward is the product that a later date than spot makes of what is named spot.
const forward = "forward"

// dealsIn reports whether a product is one of the provider's, or of the desk of the client for which a caller of the API asks.
func (m *matter) dealsIn(product string) bool {
	if m.Caller != nil {
		return slices.Contains(m.dir.Desks.Records[m.client.Desk].Products, product)
	}
	return m.provider.dealsIn(product)
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
