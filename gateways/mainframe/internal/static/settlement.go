package static

import (
	"time"

	"fxcore/gateways/mainframe/internal/records"
)

// The sets that settlement decides on, as services read them in Redis.

type nostro struct {
	Currency   string `json:"currency"`
	Nostro     string `json:"nostro"`     // account through which the bank pays those who have no account at the mainframe
	Settlement string `json:"settlement"` // account on the other side of what clients pay and get for their deals
}

type agreement struct {
	Client string   `json:"client"`
	Kinds  []string `json:"kinds"`         // settlement: the client's payments of one value date are netted
	Bad    bool     `json:"bad,omitempty"` // a row of the client's cannot be read
}

// balancing is the rule by which a desk's books are flattened into another desk's.
type balancing struct {
	Desk     string `json:"desk"`
	Into     string `json:"into"`
	Currency string `json:"currency"` // in which the desk keeps its result
}

// clock is the one record of its set, under the id "bank".
type clock struct {
	BusinessDay   string `json:"business_day"`   // YYYY-MM-DD, in Frankfurt
	OffsetSeconds int    `json:"offset_seconds"` // by which the bank's clock is ahead of real time; 0 in production
}

func nostros(s *set, l *records.Layouts) {
	one(s, l.Nostro, func(r records.Nostro) (string, any) {
		return r.Currency, nostro{Currency: r.Currency, Nostro: r.Account, Settlement: r.Settlement}
	})
}

// agreements puts the rows of a client together. A client one of whose rows cannot be read is marked: without the row it would be
// settled gross.
func agreements(s *set, l *records.Layouts) {
	client := func(r records.Agreement) (*agreement, error) {
		return of(s, r.Client, func() *agreement { return &agreement{Client: r.Client} })
	}
	bad := func(r records.Agreement) string {
		if a, err := client(r); err == nil {
			a.Bad = true
		}
		return ""
	}
	part(s, l.Agreement, bad, func(r records.Agreement) error {
		a, err := client(r)
		if err == nil {
			a.Kinds = append(a.Kinds, r.Kind)
		}
		return err
	})
}

func balancings(s *set, l *records.Layouts) {
	one(s, l.Balancing, func(r records.Balancing) (string, any) {
		return r.Desk, balancing{Desk: r.Desk, Into: r.Into, Currency: r.Currency}
	})
}

func bankClock(s *set, l *records.Layouts) {
	one(s, l.Clock, func(r records.Clock) (string, any) {
		return "bank", clock{BusinessDay: r.BusinessDay.Format(time.DateOnly), OffsetSeconds: r.Offset}
	})
}
