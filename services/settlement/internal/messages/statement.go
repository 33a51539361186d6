package messages

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/fxdate"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/reconciliation"
)

// StatementRequested is the data of statement.requested: the mainframe is to list what it moved on a day.
type StatementRequested struct {
	Day   string `json:"day"`   // YYYY-MM-DD, in the mainframe's place
	First int    `json:"first"` // position of the first movement wanted, from 0
	Most  int    `json:"most"`
}

// Statement is a page of a statement, and the run of the reconciliation that asked for it.
type Statement struct {
	Day     fxdate.Date
	Attempt int
	reconciliation.Page
}

// StoryOf is the correlation of a run's messages. The answers repeat it.
func StoryOf(day fxdate.Date, attempt int) string { return day.String() + "#" + strconv.Itoa(attempt) }

func parseStory(story string) (day fxdate.Date, attempt int, err error) {
	date, number, ok := strings.Cut(story, "#")
	if !ok {
		return 0, 0, fmt.Errorf("story %q is not of a reconciliation", story)
	}
	day, err1 := fxdate.ParseDate(date)
	attempt, err2 := strconv.Atoi(number)
	return day, attempt, errors.Join(err1, err2)
}

// ReadStatement decodes e. An error means that e can never be handled.
func ReadStatement(e event.Event) (Statement, error) {
	var view struct {
		Day       string    `json:"day"`
		First     int       `json:"first"`
		Next      int       `json:"next"`
		Total     int       `json:"total"`
		Complete  bool      `json:"complete"`
		AsOf      time.Time `json:"as_of"`
		Movements []struct {
			MovementID string `json:"movement_id"`
			Reference  string `json:"reference"`
			Client     string `json:"client"`
			ValueDate  string `json:"value_date"`
			Lines      []struct {
				Currency string          `json:"currency"`
				Amount   decimal.Decimal `json:"amount"`
				From     string          `json:"from"`
				To       string          `json:"to"`
			} `json:"lines"`
		} `json:"movements"`
	}
	if err := e.Read(&view); err != nil {
		return Statement{}, err
	}
	day, attempt, err := parseStory(e.Correlation)
	switch {
	case err != nil:
		return Statement{}, err
	case view.Day != day.String():
		return Statement{}, fmt.Errorf("the statement of %s answers the request for %s", view.Day, day)
	case view.First < 0 || view.Total < 0 || view.Next > view.Total || view.First+len(view.Movements) > view.Next:
		return Statement{}, fmt.Errorf("positions %d to %d of %d", view.First, view.Next, view.Total)
	case len(view.Movements) == 0 && view.First < view.Total:
		return Statement{}, fmt.Errorf("no movements at %d of %d", view.First, view.Total)
	}
	s := Statement{Day: day, Attempt: attempt, Page: reconciliation.Page{First: view.First, Next: view.Next, Total: view.Total, Complete: view.Complete, AsOf: view.AsOf}}
	for _, m := range view.Movements {
		moved := reconciliation.Moved{ID: m.MovementID, Reference: m.Reference, Client: m.Client, ValueDate: m.ValueDate}
		for _, l := range m.Lines {
			moved.Lines = append(moved.Lines, movement.Line(l))
		}
		s.Movements = append(s.Movements, moved)
	}
	return s, nil
}

// Reported is the data of settlement.reported: the report of a day.
type Reported struct {
	Day    string          `json:"day"`
	MadeAt time.Time       `json:"made_at"` // the bank's clock
	Report json.RawMessage `json:"report"`
}

// Reconciled is the data of settlement.reconciled: a day is compared with the mainframe's statement.
type Reconciled struct {
	Day         string    `json:"day"`
	Attempt     int       `json:"attempt"` // of the day, from 1
	Movements   int       `json:"movements"`
	Differences int       `json:"differences"`
	AsOf        time.Time `json:"as_of"` // the mainframe's clock
}
