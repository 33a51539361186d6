package static

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/records"
)

func layouts(t testing.TB) *records.Layouts {
	t.Helper()
	l, err := records.NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// row returns a row as the mainframe sends it.
func row[T any](kind records.Kind[T], record T) []byte {
	b, err := kind.Append(nil, record)
	if err != nil {
		panic(err) // the test's own record
	}
	return b
}

// spoilt returns a row with a byte that is neither text nor a digit, so many bytes from its end.
func spoilt(row []byte, fromEnd int) []byte {
	row[len(row)-fromEnd] = 0x00
	return row
}

// filled returns a set to which rows were added.
func filled(t *testing.T, l *records.Layouts, name string, rows ...[]byte) *set {
	t.Helper()
	s, known := newSet(l, name)
	if !known {
		t.Fatalf("no set %s", name)
	}
	for _, b := range rows {
		all, err := l.Split(b, 1)
		if err != nil {
			t.Fatal(err)
		}
		s.add(all[0])
	}
	return s
}

var since = time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC)

// Each set has a good record, and rows that are bad. What is left is what must be left, and the damage names the bad rows.
func TestABadRowLeavesTheOthers(t *testing.T) {
	l := layouts(t)
	pair := func(name string) []byte { return row(l.Pair, records.Pair{Name: name, PointsFactor: 10000}) }
	roll := func(pair string) []byte {
		return row(l.Roll, records.Roll{Pair: pair, From: since, At: "12:00", Zone: "Asia/Riyadh"})
	}
	cutOff := func(currency string) []byte {
		return row(l.CutOff, records.CutOff{Currency: currency, From: since, At: "12:00", Zone: "Asia/Dubai"})
	}
	desk := row(l.Desk, records.Desk{ID: "D1"})
	week := func(currency string) []byte {
		return row(l.Weekend, records.Weekend{Currency: currency, From: since, Sunday: true})
	}
	bond := func(quantity string) []byte {
		return row(l.Holding, records.Holding{Client: "C1", ID: "B1", Quantity: decimal.RequireFromString(quantity), PricedAt: since})
	}
	cash := row(l.Holding, records.Holding{Client: "C1", Kind: "cash", Quantity: decimal.NewFromInt(5)})
	points := func(pips int64) []byte {
		return row(l.Points, records.Points{Pair: "EUR/USD", Tenor: "1M", Points: decimal.NewFromInt(pips), AsOf: since})
	}
	cases := []struct {
		rule, set string
		rows      [][]byte
		want      string // ids that are left
		says      []string
	}{
		{"a roll of no pair", "pairs", [][]byte{pair("EUR/USD"), roll("EUR/XXX")}, "EUR/USD", []string{`1 of 2 rows`, `row RO "EUR/XXX": belongs to nothing`}},
		{"a cut-off of no currency", "currencies", [][]byte{cutOff("XXX"), row(l.Currency, records.Currency{Code: "EUR"})}, "EUR", []string{`row CO "XXX": belongs`}},
		{"a pair without its roll has the dates of another day", "pairs", [][]byte{pair("EUR/USD"), pair("USD/SAR"), spoilt(roll("USD/SAR"), 1)}, "EUR/USD", []string{`row RO "USD/SAR"`, "field Zone", "1: USD/SAR"}},
		{"a currency without its cut-off settles too late", "currencies", [][]byte{row(l.Currency, records.Currency{Code: "AED"}), row(l.Currency, records.Currency{Code: "EUR"}), spoilt(cutOff("AED"), 34)}, "EUR", []string{`row CO "AED"`, "1: AED"}},
		{"an unreadable pair, and its roll", "pairs", [][]byte{pair("EUR/USD"), spoilt(pair("USD/SAR"), 1), roll("USD/SAR")}, "EUR/USD", []string{"2 of 3", `row PA "USD/SAR"`, `row RO "USD/SAR"`}},
		{"another set's", "desks", [][]byte{desk, row(l.Client, records.Client{ID: "C1"})}, "D1", []string{"row CL is not one of this set's"}},
		{"without an id", "desks", [][]byte{desk, row(l.Desk, records.Desk{Name: "x"})}, "D1", []string{"no id"}},
		{"the same twice", "desks", [][]byte{desk, desk}, "D1", []string{`row DE "D1": twice`}},
		{"twice, and nobody knows which", "clients", [][]byte{
			row(l.Client, records.Client{ID: "C1", Status: "blocked"}), row(l.Client, records.Client{ID: "C1", Status: "active"}), row(l.Client, records.Client{ID: "C2"}),
		}, "C2", []string{"twice", "1: C1"}},
		{"a member of no desk", "desks", [][]byte{desk, row(l.Member, records.Member{Desk: "D", Kind: "trader", Value: "U"})}, "D1", []string{`row ME "D"`}},
		{"a member of an unknown kind", "desks", [][]byte{desk, row(l.Member, records.Member{Desk: "D1", Kind: "cook", Value: "U"})}, "D1", []string{`unknown kind "cook"`}},
		{"a right of no provider", "providers", [][]byte{row(l.Provider, records.Provider{ID: "P"}), row(l.Right, records.Right{Provider: "Q", Kind: "pair", Value: "*"})}, "P", []string{`row RI "Q"`}},
		{"a weekend that nobody can read", "calendars", [][]byte{week("EUR"), week("SAR"), spoilt(week("SAR"), 1)}, "EUR", []string{`row WE "SAR"`, "1: SAR"}},
		{"a holiday on no day", "calendars", [][]byte{week("EUR"), row(l.Holiday, records.Holiday{Currency: "EUR"})}, "EUR", []string{"a holiday without a date"}},
		{"points twice", "points", [][]byte{points(1), points(2)}, "EUR/USD", []string{"points for 1M twice"}},
		{"a bond less", "holdings", [][]byte{cash, spoilt(bond("10"), 1)}, "C1", []string{`row HO "C1"`, "field Index"}},
		{"a debt that is left out would be collateral", "holdings", [][]byte{cash, spoilt(bond("-10"), 1)}, "", []string{"1: C1"}},
		{"a line with an unreadable limit", "lines", [][]byte{row(l.Line, records.Line{Node: "client/C1"}), spoilt(row(l.Line, records.Line{Node: "client/C2"}), 5)}, "client/C1", []string{`row LN "client/C2"`, "field Clip"}},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			s := filled(t, l, c.set, c.rows...)
			var left []string
			for id := range s.whole() {
				left = append(left, id)
			}
			if got := strings.Join(left, " "); got != c.want {
				t.Errorf("left %q, want %q", got, c.want)
			}
			for _, says := range c.says {
				if !strings.Contains(s.damage.String(), says) {
					t.Errorf("%q does not say %q", s.damage.String(), says)
				}
			}
		})
	}
}

// Settlement must not take a row that is left out for one that does not exist: it would pay by another account, or gross.
func TestAClientWithABadAccountOrAgreementIsMarked(t *testing.T) {
	l := layouts(t)
	account := func(id, client, currency string) []byte {
		return row(l.Account, records.Account{ID: id, Client: client, Currency: currency})
	}
	agreement := func(client string) []byte {
		return row(l.Agreement, records.Agreement{Client: client, Kind: "settlement"})
	}
	const currency, kind = 10, 1 // bytes from the end of the row
	for set, c := range map[string]struct {
		rows [][]byte
		want string
	}{
		"accounts": {
			[][]byte{
				account("A1", "C1", "EUR"), account("A1", "C1", "EUR"), account("A2", "C2", "EUR"), spoilt(account("A3", "C2", "USD"), currency+1),
				account("A4", "C3", "EUR"), account("A4", "C3", "USD"),
			},
			`["A1","A2","?C2:bad","?C3:bad"]`,
		},
		"agreements": {
			[][]byte{agreement("C1"), agreement("C2"), spoilt(agreement("C2"), kind), spoilt(agreement("C3"), kind)}, `["C1","C2:bad","C3:bad"]`,
		},
	} {
		all := filled(t, l, set, c.rows...).whole()
		marks := []string{}
		for _, id := range slices.SortedFunc(maps.Keys(all), func(a, b string) int { return strings.Compare(strings.Trim(a, "?")+a, strings.Trim(b, "?")+b) }) {
			text, err := json.Marshal(all[id])
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), `"bad":true`) {
				id += ":bad"
			}
			marks = append(marks, id)
		}
		if text, _ := json.Marshal(marks); string(text) != c.want {
			t.Errorf("%s: %s, want %s", set, text, c.want)
		}
	}
}

func TestAHolidayWhoseNameCannotBeReadIsAHoliday(t *testing.T) {
	l := layouts(t)
	holiday := spoilt(row(l.Holiday, records.Holiday{Currency: "AED", Date: since, Name: "New Year"}), 1)
	s := filled(t, l, "calendars", holiday)
	text, err := json.Marshal(s.whole()["AED"])
	if err != nil || !strings.Contains(string(text), `"1999-01-01":"name not readable"`) || s.damage.bad != 1 {
		t.Errorf("%s, %v, %q", text, err, s.damage.String())
	}
}

func TestADamageNamesAFewOfManyRows(t *testing.T) {
	l := layouts(t)
	rows := [][]byte{row(l.Desk, records.Desk{ID: "D"})}
	for range 1000 {
		rows = append(rows, row(l.Member, records.Member{Desk: "X", Kind: "trader"}))
	}
	s := filled(t, l, "desks", rows...)
	if text := s.damage.String(); s.damage.bad != 1000 || !strings.HasPrefix(text, "1000 of 1001 rows") || strings.Count(text, "row ME") != namedFaults {
		t.Error(text)
	}
}
