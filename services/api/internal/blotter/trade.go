package blotter

import (
	"strings"
	"time"
)

// Trade is what the API shows of a trade.
type Trade struct {
	ID           string     `json:"id" format:"uuid"`
	Version      int        `json:"version"`
	State        State      `json:"state" enum:"pending,rejected,registered,booked,refused,executed,deleted"`
	Client       string     `json:"client"`
	Account      string     `json:"account,omitempty"`
	Product      string     `json:"product"`
	Pair         string     `json:"pair"`
	Currency     string     `json:"currency" doc:"The dealt currency"`
	Legs         []Leg      `json:"legs" doc:"Near leg first"`
	TradeDate    string     `json:"trade_date"`
	ReportedDate string     `json:"reported_trade_date,omitempty" doc:"Of a report: the trade date that the reporter states"`
	Origin       string     `json:"origin" doc:"Where the request came in: a provider, or api"`
	Provider     string     `json:"provider"`
	Reference    string     `json:"reference"`
	Kind         string     `json:"kind" doc:"request, or report of a trade that was done elsewhere"`
	QuoteID      string     `json:"quote_id,omitempty"`
	LineCheck    *ShownUse  `json:"line_check,omitempty" doc:"The line check whose reservation the trade uses"`
	EnteredBy    *Caller    `json:"entered_by,omitempty"`
	Desk         string     `json:"desk,omitempty"`
	Trader       string     `json:"trader,omitempty"`
	TransactedAt time.Time  `json:"transacted_at"`
	RegisteredAt *time.Time `json:"registered_at,omitempty"`
	ExecutedAt   *time.Time `json:"executed_at,omitempty"`
	Rejection    *Refusal   `json:"rejection,omitempty"`
	Booking      *Booking   `json:"booking,omitempty"`
	Refusal      *Refusal   `json:"refusal,omitempty" doc:"Why the mainframe did not book the trade"`
	Deletion     *Deletion  `json:"deletion,omitempty" doc:"Who has deleted the trade, and why"`
	Flags        []Flag     `json:"flags,omitempty" doc:"What a person may want to look at"`
}

// ShownUse is how a trade uses a line check.
type ShownUse struct {
	ID       string `json:"id" format:"uuid"`
	FreeRest bool   `json:"free_rest,omitempty"`
}

// Trade returns what is shown of the facts.
func (f *Facts) Trade() Trade {
	t := Trade{ID: f.ID, Version: f.version(), State: f.State(), EnteredBy: f.Caller, Desk: f.Desk(), Booking: f.Booked}
	if r := f.Request; r != nil {
		t.Client, t.Account, t.Product, t.Pair, t.Currency, t.QuoteID = r.Client, r.Account, r.Product, r.Pair, r.Currency, r.QuoteID
		t.TradeDate, t.Provider, t.Reference, t.Kind, t.TransactedAt = r.TradeDate, r.Provider, r.Reference, r.Kind, r.TransactedAt
		t.ReportedDate = r.ReportedTradeDate
		t.Origin = strings.ToLower(r.Provider)
		if use := r.LineCheck; use != nil {
			t.LineCheck = &ShownUse{ID: use.CheckID, FreeRest: use.Rest == FreeRest}
		}
	}
	if v := f.Validated; v != nil {
		t.Pair, t.Flags = v.Pair, v.Flags
		t.Product, t.TradeDate = or(v.Product, t.Product), or(v.TradeDate, t.TradeDate)
	}
	f.progress(&t)
	t.Legs = f.legs()
	return t
}

func (f *Facts) progress(t *Trade) {
	if f.Registered != nil {
		t.RegisteredAt = &f.Registered.RegisteredAt
		if f.Registered.Flags != nil { // of all services; an older version of trading tells its own alone, with the validation
			t.Flags = f.Registered.Flags
		}
	}
	if f.Assigned != nil {
		t.Trader = f.Assigned.Trader
	}
	switch t.State {
	case Executed:
		t.ExecutedAt = &f.Executed.ExecutedAt
	case Deleted:
		gone := *f.Deleted
		gone.Reversal = f.Reversed
		t.Deletion = &gone
	case Rejected:
		t.Rejection = f.Rejected
	case Refused:
		t.Refusal = f.Refused
	default:
	}
}

func or(one, other string) string {
	if one != "" {
		return one
	}
	return other
}
