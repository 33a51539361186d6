package records

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/copybook"
)

func layouts(t testing.TB) *Layouts {
	t.Helper()
	l, err := NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The dump that the README explains.
func TestGoldenLeg(t *testing.T) {
	leg := Leg{
		ValueDate: time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC), BaseSide: "buy", Base: "EUR", BaseAmount: decimal.RequireFromString("1000000"),
		Quote: "USD", QuoteAmount: decimal.RequireFromString("1117200.5"), Rate: decimal.RequireFromString("1.1172005"),
	}
	want := strings.ReplaceAll("c2d3 f2f0f2f6f1f1f2f5 82a4a840 c5e4d9 0000000001000000000f e4e2c4 0000000001117200500f 0000000001117200500f", " ", "")
	l := layouts(t)
	got, err := l.Leg.Append(nil, leg)
	if err != nil {
		t.Fatal(err)
	}
	if hex.EncodeToString(got) != want {
		t.Errorf("\ngot  %x\nwant %s", got, want)
	}
}

// A line of a movement, as the README says it.
func TestGoldenMovementLine(t *testing.T) {
	line := MovementLine{Currency: "EUR", Amount: decimal.RequireFromString("1000000"), From: "C000001-EUR", To: "FXSETTLE-EUR"}
	want := strings.ReplaceAll("d4d3 c5e4d9 0000000001000000000f c3f0f0f0f0f0f160c5e4d9404040404040404040 c6e7e2c5e3e3d3c560c5e4d94040404040404040", " ", "")
	got, err := layouts(t).MovementLine.Append(nil, line)
	if err != nil {
		t.Fatal(err)
	}
	if hex.EncodeToString(got) != want {
		t.Errorf("\ngot  %x\nwant %s", got, want)
	}
}

func TestEveryLetterSurvivesEBCDIC(t *testing.T) {
	for letter := byte('A'); letter <= 'Z'; letter++ {
		if got := ascii(ebcdic(letter)); got != letter {
			t.Errorf("%c became %c", letter, got)
		}
	}
}

func TestTypesAreUnique(t *testing.T) {
	if got := len(layouts(t).sizes); got != 38 {
		t.Errorf("%d different types of 38", got)
	}
}

func TestSplitCutsWhatAppendWrote(t *testing.T) {
	l := layouts(t)
	body, err1 := l.Group.Append(nil, Group{ID: "G0001", Name: "Brelmorasu Holding"})
	body, err2 := l.Client.Append(body, Client{ID: "C000001", Name: "Brelmorasu Paper"})
	all, err3 := l.Split(body, 2)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	group, err1 := l.Group.Decode(all[0])
	client, err2 := l.Client.Decode(all[1])
	if err := errors.Join(err1, err2); err != nil || group.ID != "G0001" || client.Name != "Brelmorasu Paper" {
		t.Error(err, group, client)
	}
	if _, err := l.Client.Decode(all[0]); err == nil {
		t.Error("a group was read as a client")
	}
}

func TestSplitRefusesWhatIsNotWhole(t *testing.T) {
	l := layouts(t)
	body, err := l.Group.Append(nil, Group{ID: "G0001"})
	if err != nil {
		t.Fatal(err)
	}
	unknown := append([]byte{0xe9, 0xe9}, body[2:]...)
	cases := []struct {
		name  string
		body  []byte
		count int
	}{
		{"one byte short", body[:len(body)-1], 1},
		{"one byte more", append(body[:len(body):len(body)], 0xc3), 1},
		{"half a type", body[:1], 0},
		{"wrong count", body, 2},
		{"absurd count", body, 999999},
		{"unknown type", unknown, 1},
	}
	for _, c := range cases {
		if _, err := l.Split(c.body, c.count); err == nil {
			t.Errorf("%s: accepted", c.name)
		}
	}
}

func FuzzSplit(f *testing.F) {
	l := layouts(f)
	body, err := l.Group.Append(nil, Group{ID: "G0001"})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, 1)
	f.Fuzz(func(t *testing.T, b []byte, count int) {
		all, err := l.Split(b, count)
		if err != nil {
			return
		}
		var again []byte
		for _, r := range all {
			again = append(again, ebcdic(r.Letters[0]), ebcdic(r.Letters[1]))
			again = append(again, r.bytes...)
		}
		if diff := cmp.Diff(b, again); len(b) > 0 && diff != "" {
			t.Fatal(diff)
		}
	})
}

// decodeAny decodes a record by its type.
func (l *Layouts) decodeAny(r Record) error {
	decoders := map[string]func(Record) error{
		"PO": decoder(l.Pong), "LQ": decoder(l.ListRequest), "LA": decoder(l.ListAnswer), "BK": decoder(l.Booking), "BL": decoder(l.Leg),
		"BA": decoder(l.Booked), "RF": decoder(l.Refusal), "CL": decoder(l.Client), "GR": decoder(l.Group), "LN": decoder(l.Line),
		"HO": decoder(l.Holding), "AC": decoder(l.Account), "PR": decoder(l.Provider), "RI": decoder(l.Right), "US": decoder(l.User),
		"DE": decoder(l.Desk), "ME": decoder(l.Member), "WE": decoder(l.Weekend), "HD": decoder(l.Holiday), "CY": decoder(l.Currency),
		"PA": decoder(l.Pair), "RT": decoder(l.Rate), "AO": decoder(l.AddOn), "HC": decoder(l.Haircut),
		"PT": decoder(l.Points), "RO": decoder(l.Roll), "CO": decoder(l.CutOff), "QU": decoder(l.Quote),
		"MV": decoder(l.Movement), "ML": decoder(l.MovementLine), "MA": decoder(l.Moved), "SQ": decoder(l.StatementRequest),
		"SA": decoder(l.StatementAnswer), "MS": decoder(l.StatementMovement), "NO": decoder(l.Nostro), "AG": decoder(l.Agreement), "BR": decoder(l.Balancing), "CK": decoder(l.Clock),
	}
	decode, known := decoders[r.Letters]
	if !known {
		return errors.New("no decoder in this test for " + r.Letters)
	}
	return decode(r)
}

func decoder[T any](k Kind[T]) func(Record) error {
	return func(r Record) error { _, err := k.Decode(r); return err }
}

// FuzzRecords decodes any records of a host: digits that are none, packed decimals with a bad sign, dates that do not exist. Each
// record is read, or refused with the name of the record and the field.
func FuzzRecords(f *testing.F) {
	l := layouts(f)
	for letters := range l.sizes {
		for _, fill := range []byte{0x00, 0x40, 0xf0, 0xff, 0x0c, 0x9d, 0x15} {
			body := []byte{ebcdic(letters[0]), ebcdic(letters[1])}
			for _, size := range []int{l.sizes[letters], l.sizes[letters] - 1, l.former[letters]} {
				f.Add(append(body, bytes.Repeat([]byte{fill}, size)...), 1)
			}
		}
	}
	f.Fuzz(func(t *testing.T, b []byte, count int) {
		all, err := l.Split(b, count)
		if err != nil {
			return
		}
		for _, r := range all {
			err := l.decodeAny(r)
			var field *copybook.FieldError
			if err != nil && (!errors.As(err, &field) || field.Record == "" || field.Field == "") {
				t.Fatalf("%s: %v", r.Letters, err)
			}
		}
	})
}
