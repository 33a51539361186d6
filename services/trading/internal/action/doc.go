// Package action decides what may be done with a registered trade, and what becomes of it: join, split, extend, roll back, pre-settle,
// take up, amend, rebook, delete. It is pure: it uses no messages, no tables and no clock.
//
// An action never edits a trade. It makes a [Change]: some versions end, others begin, and each that begins names those that it comes
// from. Whoever applies a change applies all of it or nothing.
//
// [Allowed] is the table of what each state allows. The other functions compute amounts, rates and dates. Amounts are exact, and every
// rounding is named where it happens.
package action
