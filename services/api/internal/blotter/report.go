package blotter

import "time"

// DayReport is settlement's report of a day.
type DayReport struct {
	Day    string    `json:"day" format:"date"`
	MadeAt time.Time `json:"made_at" doc:"The bank's clock"`
	Report Report    `json:"report"`

	Lines *LineComparison `json:"lines,omitempty" doc:"The comparison of the lines after the day; absent if it has not been made"`
}

// LineComparison says how many figures that are stored of lines differ from what their reservations add up to.
type LineComparison struct {
	MadeAt      time.Time `json:"made_at" doc:"The bank's clock"`
	Differences int       `json:"differences"`
	Named       []string  `json:"named" nullable:"false" doc:"The first ones, for a person"`

	Day string `json:"-"`
}

// Report says what became of a day.
type Report struct {
	Trades         int               `json:"trades" doc:"Of this trade date"`
	Legs           ReportedLegs      `json:"legs" doc:"Of this value date"`
	Owed           map[string]string `json:"owed" doc:"By currency, what clients' books hold for this value date; empty if all is paid"`
	Imbalances     int               `json:"imbalances" doc:"Of the ledger"`
	Reconciliation *Reconciliation   `json:"reconciliation,omitempty" doc:"With the mainframe's movements of the day; absent if it has not ended"`
	Balancing      ReportedBalancing `json:"balancing" doc:"Of the desks' books"`
}

// ReportedLegs counts legs by what became of them.
type ReportedLegs struct {
	Executed int `json:"executed"`
	Failed   int `json:"failed"`
	Open     int `json:"open"`
}

// Reconciliation counts what was compared, and what differs.
type Reconciliation struct {
	Movements   int `json:"movements"`
	Differences int `json:"differences"`
}

// ReportedBalancing counts deals between desks, and positions that had no rate.
type ReportedBalancing struct {
	Deals       int `json:"deals"`
	WithoutRate int `json:"without_rate"`
}
