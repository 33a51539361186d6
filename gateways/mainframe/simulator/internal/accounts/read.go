package accounts

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

// Count is the number of movements made.
func (b *Book) Count() (n int) {
	b.journal.View(func() { n = len(b.made) })
	return n
}

// Find returns the line of a movement's last attempt, made or refused; false if it is not known.
func (b *Book) Find(id string) ([]byte, bool, error) {
	var d decision
	var found bool
	b.journal.View(func() { d, found = b.decided[keyOf(id)] })
	if !found {
		return nil, false, nil
	}
	line, err := b.journal.Line(d.line)
	return line, err == nil, err
}

// Made hands the line of each movement that was made to visit, in order, until visit fails.
func (b *Book) Made(visit func(line []byte) error) error {
	var all []journal.Place
	b.journal.View(func() { all = b.made[:len(b.made):len(b.made)] })
	for _, p := range all {
		line, err := b.journal.Line(p)
		if err == nil {
			err = visit(line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Balances returns what each account holds, and a number that is another one whenever a balance is another one.
func (b *Book) Balances() (balances map[string]decimal.Decimal, changes int) {
	b.journal.View(func() {
		balances = make(map[string]decimal.Decimal, len(b.accounts))
		for id, a := range b.accounts {
			balances[id] = a.Balance
		}
		changes = b.changes
	})
	return balances, changes
}

// Changes returns the number that Balances returns.
func (b *Book) Changes() (n int) {
	b.journal.View(func() { n = b.changes })
	return n
}

// Statement is a part of what was moved on a day.
type Statement struct {
	AsOf     time.Time // the bank's time for which Total holds
	Total    int       // movements of the day so far
	Complete bool      // the day is over: no movement will be added
	Entries  []Entry   // from the position asked for on
}

// Statement returns movements of a day (midnight UTC) in their order: at most as many as asked for, from a position on, counted
// from 0. Its error is the disk's.
func (b *Book) Statement(day time.Time, first, most int) (Statement, error) {
	var s Statement
	var places []journal.Place
	b.journal.View(func() {
		all := b.days[day]
		s.AsOf, s.Total = b.clock.Now(), len(all)
		s.Complete = b.clock.Date(s.AsOf).After(day)
		first = min(first, len(all))
		places = all[first:min(first+most, len(all))]
	})
	for _, p := range places {
		line, err := b.journal.Line(p)
		if err != nil {
			return s, err
		}
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			return s, fmt.Errorf("read the book: %w", err)
		}
		s.Entries = append(s.Entries, e)
	}
	return s, nil
}
