// Package reason names why a request is refused, for a machine. Gateways translate a code into their protocol (FIX: 103, 751,
// 2326); the text beside it tells a person what was asked, the bound, and what to do.
package reason

// Code is a rejection code as messages carry it.
type Code string

// Who asks, and for whom.
const (
	Unauthorised      Code = "unauthorised"        // the provider may not ask this
	UnknownClient     Code = "unknown_client"      // or the account is not the client's
	ClientBlocked     Code = "client_blocked"      // the bank does not deal with the client now
	ProductNotAllowed Code = "product_not_allowed" // not for this provider, or not at all
	PairNotAllowed    Code = "pair_not_allowed"    // not for this provider
	SizeExceeded      Code = "size_exceeded"       // above the provider's size
	Duplicate         Code = "duplicate"           // the reference was used before, for something else
)

// What is asked.
const (
	Expired         Code = "expired"      // the deadline has passed
	UnknownPair     Code = "unknown_pair" // the bank does not deal in the pair
	SameCurrency    Code = "same_currency"
	CurrencyUnknown Code = "currency_unknown" // or it is not one of the pair's
	InvalidAmount   Code = "invalid_amount"
	OverPrecise     Code = "over_precise" // more decimals than the currency or the pair has
	InvalidDate     Code = "invalid_date"
	Holiday         Code = "holiday" // the pair cannot settle on the day
	PastDate        Code = "past_date"
	BeyondMaxTenor  Code = "beyond_max_tenor" // later than the bank deals
	OffMarket       Code = "off_market"       // the price is too far from the reference rate
)

// What the core does not have.
const (
	StaleRate    Code = "stale_rate"     // the reference rate is too old to judge a price
	NoStaticData Code = "no_static_data" // data from the mainframe is missing or too old
)

// Lines and reservations.
const (
	LineExceeded       Code = "line_exceeded"
	SettlementExceeded Code = "settlement_exceeded" // too much settles on one day
	ClipExceeded       Code = "clip_exceeded"       // one deal is too large for the line
	UnknownReservation Code = "unknown_reservation"
	ReservationEnded   Code = "reservation_ended"
)
