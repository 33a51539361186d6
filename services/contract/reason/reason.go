// Package reason defines the codes that tell a program why a request is refused. Gateways translate a code into their
// protocol (FIX: 103, 751, 2326). The text beside a code tells a person what was asked, the bound, and what to do.
package reason

// Code is a rejection code in a message.
type Code string

// Codes about the provider, its rights and the client.
const (
	Unauthorised      Code = "unauthorised"        // the provider may not make this request
	UnknownClient     Code = "unknown_client"      // the bank has no client of this id, or the provider has no mandate of it
	ClientBlocked     Code = "client_blocked"      // the bank does not deal with the client now
	ProductNotAllowed Code = "product_not_allowed" // not for this provider, or the request fits no product of the bank
	PairNotAllowed    Code = "pair_not_allowed"    // the provider may not deal in the pair
	SizeExceeded      Code = "size_exceeded"       // above the provider's largest size for one deal
	Duplicate         Code = "duplicate"           // the reference was used before, for another request
	AccountMismatch   Code = "account_mismatch"    // the account's currency is not one of the pair's
)

// Codes about the content of the request.
const (
	Expired         Code = "expired"      // the deadline has passed
	UnknownPair     Code = "unknown_pair" // the bank does not deal in the pair
	SameCurrency    Code = "same_currency"
	CurrencyUnknown Code = "currency_unknown" // the currency is not known, or not one of the pair's
	InvalidAmount   Code = "invalid_amount"
	OverPrecise     Code = "over_precise" // more decimals than the currency or the pair allows
	InvalidDate     Code = "invalid_date"
	Holiday         Code = "holiday" // the pair cannot settle on the day
	PastDate        Code = "past_date"
	CutOffPassed    Code = "cut_off_passed"   // one of the currencies can no longer settle on the value date
	BeyondMaxTenor  Code = "beyond_max_tenor" // the value date is later than the bank allows
	OffMarket       Code = "off_market"       // the rate is not valid, or too far from the reference rate
	UnknownQuote    Code = "unknown_quote"    // the bank has published no quote of this id, or no longer keeps it
	QuoteExpired    Code = "quote_expired"    // the quote was valid until earlier
	QuoteMismatch   Code = "quote_mismatch"   // the request asks for something else than the quote says
	Contradiction   Code = "contradiction"    // amounts, rates or dates of a report do not fit each other
)

// Codes about data that the core does not have.
const (
	StaleRate    Code = "stale_rate"     // the reference rate is too old to judge a price
	NoStaticData Code = "no_static_data" // data from the mainframe is missing or too old
)

// Codes about lines and reservations.
const (
	LineExceeded       Code = "line_exceeded"
	SettlementExceeded Code = "settlement_exceeded" // too much settles on one value date
	ClipExceeded       Code = "clip_exceeded"       // the deal is above the largest single deal of the line
	UnknownReservation Code = "unknown_reservation"
	ReservationEnded   Code = "reservation_ended"
	ReservationDiffers Code = "reservation_differs" // the request does not fit what was reserved
)
