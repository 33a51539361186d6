package valuedate

import (
	"fxcore/services/contract/fxdate"
	"fxcore/services/market/memo"
)

// periods keep the periods that were computed: the deals of a day ask for the same few tenors again and again. None goes stale,
// because the calendars of a pair never change.
type periods = memo.Memo[asked, answer]

// maxKnown is how many periods a pair keeps. A day has some twenty tenors.
const maxKnown = 512

type asked struct {
	deal  Dates
	unit  fxdate.Unit
	count int
}

type answer struct {
	period Period
	err    error
}
