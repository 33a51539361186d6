package reason

// All returns every code. A gateway's tests go through it, so that no protocol lacks a translation.
func All() []Code {
	return []Code{
		Unauthorised, UnknownClient, ClientBlocked, ProductNotAllowed, PairNotAllowed, SizeExceeded, Duplicate, AccountMismatch,
		Expired, UnknownPair, SameCurrency, CurrencyUnknown, InvalidAmount, OverPrecise, InvalidDate, Holiday, PastDate, CutOffPassed, BeyondMaxTenor, OffMarket,
		UnknownQuote, QuoteExpired, QuoteMismatch, Contradiction,
		StaleRate, NoStaticData,
		LineExceeded, SettlementExceeded, ClipExceeded, UnknownReservation, ReservationEnded, ReservationDiffers,
	}
}
