// Package line decides whether a deal fits the lines that it uses, and keeps what those lines carry.
//
// A line belongs to a node of a hierarchy: the desk that deals, the client's group, the client. A deal uses all of them
// or none. [Assess] turns a deal into an exposure, [Book.Check] holds it against every node, [Book.Reserve] takes it,
// [Book.Resolve] ends the reservation one way or another.
//
// The package is pure: it knows no message, no table and no clock. Amounts are decimals in the limit currency unless a
// comment says otherwise; every rounding is named where it happens and favours the bank.
package line

import "github.com/shopspring/decimal"

// Currency is the currency of every limit, usage and exposure (ISO 4217).
const Currency = "USD"

// minorUnits of Currency: exposures are rounded up to it, collateral is rounded down to it.
const minorUnits = 2

// rateDigits bounds what a division leaves: rates are rounded half up to so many decimal places.
const rateDigits = 12

var one = decimal.NewFromInt(1)
