package static

import (
	"testing"

	"fxcore/gateways/mainframe/internal/records"
)

// filled returns a set to which rows are added, and the first error.
func filled(t *testing.T, name string, rows func(l *records.Layouts) [][]byte) error {
	t.Helper()
	l, err := records.NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	s, known := newSet(l, name)
	if !known {
		t.Fatalf("no set %s", name)
	}
	for _, row := range rows(l) {
		all, err := l.Split(row, 1)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.add(all[0]); err != nil {
			return err
		}
	}
	return nil
}

func row[T any](kind records.Kind[T], record T) []byte {
	b, err := kind.Append(nil, record)
	if err != nil {
		panic(err) // the test's own record
	}
	return b
}

func TestRowsThatDoNotBelongAreRefused(t *testing.T) {
	for name, rows := range map[string]func(l *records.Layouts) [][]byte{
		"another set's": func(l *records.Layouts) [][]byte { return [][]byte{row(l.Client, records.Client{ID: "C1"})} },
		"without an id": func(l *records.Layouts) [][]byte { return [][]byte{row(l.Desk, records.Desk{Name: "x"})} },
		"twice": func(l *records.Layouts) [][]byte {
			return [][]byte{row(l.Desk, records.Desk{ID: "D"}), row(l.Desk, records.Desk{ID: "D"})}
		},
		"a member of no desk": func(l *records.Layouts) [][]byte {
			return [][]byte{row(l.Member, records.Member{Desk: "D", Kind: "trader", Value: "U"})}
		},
		"a member of an unknown kind": func(l *records.Layouts) [][]byte {
			return [][]byte{row(l.Desk, records.Desk{ID: "D"}), row(l.Member, records.Member{Desk: "D", Kind: "cook", Value: "U"})}
		},
	} {
		if err := filled(t, "desks", rows); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
