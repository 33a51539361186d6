package static

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
)

// set is a data set under construction: the mainframe's rows go in one by one, and come out as records by id, as services read
// them.
type set struct {
	readers map[string]func(r records.Record) error // by record type
	records map[string]any
	rows    map[string]records.Record // the row of which a record is made, by id
	broken  map[string]bool           // ids of records that must not be used
	damage  damage
}

// add takes one row of the mainframe's. A bad row is noted and left out, and does not stop the others.
func (s *set) add(r records.Record) {
	s.damage.taken++
	read, known := s.readers[r.Letters]
	err := fmt.Errorf("row %s is not one of this set's", r.Letters)
	if known {
		err = read(r)
	}
	if err != nil {
		s.damage.note(err)
	}
}

// whole returns the records that may be used. Those that lack a row that they cannot do without are left out, and noted.
func (s *set) whole() map[string]any {
	for _, id := range slices.Sorted(maps.Keys(s.broken)) {
		if _, has := s.records[id]; has {
			delete(s.records, id)
			s.damage.ids = append(s.damage.ids, id)
		}
	}
	return s.records
}

// on registers how a row type is taken. A bad row is left out, and the record to which it belongs stays.
func on[T any](s *set, kind records.Kind[T], take func(r T) error) {
	part(s, kind, func(T) string { return "" }, take)
}

// part registers a row type without which the record that it belongs to may allow too much. bad gets what can be read of a bad
// row. It returns the id of the record that must be left out with the row, or "".
func part[T any](s *set, kind records.Kind[T], bad func(r T) (id string), take func(r T) error) {
	s.readers[kind.Letters()] = func(r records.Record) error {
		row, err := kind.Decode(r)
		if err == nil {
			err = take(row)
		}
		if err == nil {
			return nil
		}
		if id := bad(row); id != "" {
			s.broken[id] = true
		}
		return fmt.Errorf("row %s %q: %w", kind.Letters(), kind.Key(row), err)
	}
}

// one registers a row type whose rows each become a record under an id of their own. Of two rows with the same id nobody knows
// which is right: neither is used, unless they are the same.
func one[T any](s *set, kind records.Kind[T], translate func(r T) (id string, view any)) {
	s.readers[kind.Letters()] = func(r records.Record) error {
		row, err := kind.Decode(r)
		id, view := translate(row)
		if err == nil && id == "" {
			err = errors.New("no id")
		}
		if first, twice := s.rows[id]; err == nil && twice {
			if !first.Equal(r) {
				s.broken[id] = true
			}
			err = errors.New("twice")
		}
		if err != nil {
			return fmt.Errorf("row %s %q: %w", kind.Letters(), kind.Key(row), err)
		}
		s.records[id], s.rows[id] = view, r
		return nil
	}
}

// of returns the record that further rows belong to; first makes it where a row may come first.
func of[V any](s *set, id string, first func() *V) (*V, error) {
	if view, found := s.records[id].(*V); found {
		return view, nil
	}
	if first == nil || id == "" {
		return nil, errors.New("belongs to nothing that is known")
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
