package static

import (
	"fmt"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
)

// set is a data set under construction: the mainframe's records go in one by one, and come out by id, as services read
// them.
type set struct {
	readers map[string]func(r records.Record) error // by record type
	records map[string]any
}

// add takes one record of the mainframe's.
func (s *set) add(r records.Record) error {
	read, known := s.readers[r.Letters]
	if !known {
		return fmt.Errorf("record type %s is not one of this set's", r.Letters)
	}
	return read(r)
}

// on registers how a record type is taken.
func on[T any](s *set, kind records.Kind[T], take func(r T) error) {
	s.readers[kind.Letters()] = func(r records.Record) error {
		record, err := kind.Decode(r)
		if err != nil {
			return err
		}
		return take(record)
	}
}

// one registers a record type whose records each become a view under an id of their own. A record without an id, or with
// the id of an earlier one, is an error.
func one[T any](s *set, kind records.Kind[T], translate func(r T) (id string, view any)) {
	on(s, kind, func(r T) error {
		id, view := translate(r)
		if id == "" {
			return fmt.Errorf("%s record without an id", kind.Letters())
		}
		if _, twice := s.records[id]; twice {
			return fmt.Errorf("%s record %q twice", kind.Letters(), id)
		}
		s.records[id] = view
		return nil
	})
}

// of returns the record that further rows belong to; first makes it where a row may come first.
func of[V any](s *set, id string, first func() *V) (*V, error) {
	if view, found := s.records[id].(*V); found {
		return view, nil
	}
	if first == nil || id == "" {
		return nil, fmt.Errorf("a row of %q, of which nothing is known", id)
	}
	view := first()
	s.records[id] = view
	return view, nil
}

// text returns a number that may be absent: "".
func text(d decimal.NullDecimal) string {
	if !d.Valid {
		return ""
	}
	return d.Decimal.String()
}
