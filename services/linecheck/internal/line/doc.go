// Package line decides whether a deal fits the lines that it uses, and keeps the usage of those lines.
//
// A line belongs to a node of a hierarchy: the desk that deals, the client's group, the client. A deal uses all of them
// or none. [Assess] computes the exposure of a deal, [Book.Check] compares it with the line of every node,
// [Book.Reserve] reserves it, and [Book.Resolve] resolves the reservation.
//
// The package is pure: it uses no messages, no tables and no clock. Amounts are decimals in the limit currency unless a
// comment says otherwise. Comments name every rounding; rounding favours the bank.
package line

import "github.com/shopspring/decimal"

// Currency is the currency of every limit, usage and exposure (ISO 4217).
const Currency = "USD"

// minorUnits is the number of decimals of Currency. Exposures are rounded up to it, collateral is rounded down to it.
const minorUnits = 2

// rateDigits is the number of decimals of a rate after a division, rounded half up.
const rateDigits = 12

var one = decimal.NewFromInt(1)
