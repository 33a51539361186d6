package copybook

import (
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

// sample has a field of every form.
type sample struct {
	Name    string              `pic:"X(8)"`
	Count   int                 `pic:"9(3)"`
	Zoned   decimal.Decimal     `pic:"S9(3)V9(2)"`
	Packed  decimal.Decimal     `pic:"S9(5)V9(2) COMP-3"`
	Even    decimal.Decimal     `pic:"9(4) COMP-3"`
	Limit   decimal.NullDecimal `pic:"S9(3) COMP-3"`
	Day     time.Time           `pic:"9(8)"`
	Stamp   time.Time           `pic:"X(26)"`
	Blocked bool                `pic:"X(1)"`
	_       struct{}            `pic:"X(2)"`
}

func layout(t testing.TB) Layout[sample] {
	t.Helper()
	l, err := New[sample]("sample")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func full() sample {
	return sample{
		Name: "Zürich€", Count: 7, Zoned: dec("-12.34"), Packed: dec("12345.67"), Even: dec("1234"),
		Limit: decimal.NewNullDecimal(dec("-999")), Day: time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC),
		Stamp: time.Date(2026, 11, 22, 10, 15, 30, 123456000, time.UTC), Blocked: true,
	}
}

// The dumps are written by hand from the code page's table and the rules of zoned and packed decimals.
func TestGoldenDumps(t *testing.T) {
	dumps := []struct {
		name   string
		record sample
		dump   string
	}{
		{"every field", full(), "e9dc99898388 9f40 f0f0f7 f0f1f2f3d4 1234567c 01234f 999d f2f0f2f6f1f1f2f2 " +
			"f2f0f2f660f1f160f2f260f1f04bf1f54bf3f04bf1f2f3f4f5f6 e8 4040"},
		{"absent ones", sample{Zoned: dec("1"), Packed: dec("-0.01")}, "4040404040404040 f0f0f0 f0f0f1f0c0 0000001d 00000f 4040 " +
			"4040404040404040 " + strings.Repeat("40", 26) + " d5 4040"},
	}
	l := layout(t)
	for _, d := range dumps {
		t.Run(d.name, func(t *testing.T) {
			got, err := l.Append(nil, d.record)
			if err != nil {
				t.Fatal(err)
			}
			if want := strings.ReplaceAll(d.dump, " ", ""); hex.EncodeToString(got) != want {
				t.Errorf("got  %x\nwant %s", got, want)
			}
			back, err := l.Decode(got)
			if diff := cmp.Diff(d.record, back); err != nil || diff != "" {
				t.Error(err, diff)
			}
		})
	}
}

func TestWhatDoesNotFitIsRefusedAndNamed(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(*sample)
		field string
		want  error
	}{
		{"text too long", func(s *sample) { s.Name = "ninechars" }, "Name", ErrTooLong},
		{"text outside the code page", func(s *sample) { s.Name = "Łódź" }, "Name", ErrCharacter},
		{"line end in text", func(s *sample) { s.Name = "a\nb" }, "Name", ErrCharacter},
		{"broken UTF-8", func(s *sample) { s.Name = "a\xffb" }, "Name", ErrCharacter},
		{"text that ends in a space", func(s *sample) { s.Name = "ab " }, "Name", ErrCharacter},
		{"too many digits", func(s *sample) { s.Packed = dec("123456") }, "Packed", ErrTooLong},
		{"an absurd exponent", func(s *sample) { s.Packed = decimal.New(1, 1<<30) }, "Packed", ErrTooLong},
		{"an absurd precision", func(s *sample) { s.Packed = decimal.New(1, -1<<30) }, "Packed", ErrPrecision},
		{"too many decimals", func(s *sample) { s.Packed = dec("1.234") }, "Packed", ErrPrecision},
		{"one digit too many for an even count", func(s *sample) { s.Even = dec("12345") }, "Even", ErrTooLong},
		{"negative without a sign", func(s *sample) { s.Even = dec("-1") }, "Even", ErrSign},
		{"negative count", func(s *sample) { s.Count = -1 }, "Count", ErrSign},
		{"large count", func(s *sample) { s.Count = 1000 }, "Count", ErrTooLong},
		{"year 10000", func(s *sample) { s.Day = s.Day.AddDate(8000, 0, 0) }, "Day", ErrTime},
	}
	l := layout(t)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			record := full()
			c.spoil(&record)
			_, err := l.Append(nil, record)
			expect(t, err, c.field, c.want)
		})
	}
}

func TestWhatIsGarbledIsRefusedAndNamed(t *testing.T) {
	cases := []struct {
		name   string
		offset int
		bytes  string
		field  string
		want   error
	}{
		{"control character", 0, "25", "Name", ErrCharacter},
		{"letter among digits", 8, "c1", "Count", ErrDigit},
		{"spaces for a count", 8, "404040", "Count", ErrAbsent},
		{"zone in the middle", 11, "c1", "Zoned", ErrDigit},
		{"unknown sign", 15, "a4", "Zoned", ErrSign},
		{"spaces for an amount", 11, "4040404040", "Zoned", ErrAbsent},
		{"hexadecimal digit", 16, "a2", "Packed", ErrDigit},
		{"packed without sign", 19, "70", "Packed", ErrSign},
		{"unused half byte in use", 20, "11", "Even", ErrDigit},
		{"month 13", 29, "f1f3", "Day", ErrTime},
		{"half a date", 25, "4040", "Day", ErrTime},
		{"flag of another letter", 59, "c1", "Blocked", ErrFlag},
	}
	l := layout(t)
	good, err := l.Append(nil, full())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			bad, _ := hex.DecodeString(c.bytes)
			record := append([]byte{}, good...)
			copy(record[c.offset:], bad)
			_, err := l.Decode(record)
			expect(t, err, c.field, c.want)
		})
	}
	if _, err := l.Decode(good[1:]); !errors.Is(err, ErrLength) {
		t.Errorf("short record: %v", err)
	}
}

func expect(t *testing.T, err error, field string, want error) {
	t.Helper()
	var at *FieldError
	if !errors.As(err, &at) || at.Field != field || !errors.Is(err, want) {
		t.Errorf("got %v, want field %s: %v", err, field, want)
	}
}

func TestUnusablePicturesAreFoundWhenTheLayoutIsMade(t *testing.T) {
	unusable := map[string]func() error{
		"no picture": func() error { _, err := New[struct{ A string }]("r"); return err },
		"digits in text": func() error {
			_, err := New[struct {
				A string `pic:"9(3)"`
			}]("r")
			return err
		},
		"nineteen digits": func() error {
			_, err := New[struct {
				A decimal.Decimal `pic:"9(10)V9(9)"`
			}]("r")
			return err
		},
		"a date of six": func() error {
			_, err := New[struct {
				A time.Time `pic:"9(6)"`
			}]("r")
			return err
		},
		"hidden field": func() error {
			_, err := New[struct {
				a string `pic:"X(3)"`
			}]("r")
			return err
		},
		"no length": func() error {
			_, err := New[struct {
				A string `pic:"X(0)"`
			}]("r")
			return err
		},
		"signed counter": func() error {
			_, err := New[struct {
				A int `pic:"S9(3)"`
			}]("r")
			return err
		},
	}
	for name, try := range unusable {
		if err := try(); !errors.Is(err, ErrPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New[int]("r"); err == nil {
		t.Error("a record that is no struct")
	}
}

// any record that its pictures can hold.
func records(t *rapid.T) sample {
	units := func(name string, low, high int64, scale int32) decimal.Decimal {
		return decimal.New(rapid.Int64Range(low, high).Draw(t, name), -scale)
	}
	s := sample{
		Name:  strings.TrimRight(rapid.StringOfN(rapid.RuneFrom([]rune("aZ09 äß€¢[]{}\\")), 0, 8, -1).Draw(t, "name"), " "),
		Count: rapid.IntRange(0, 999).Draw(t, "count"),
		Zoned: units("zoned", -99999, 99999, 2), Packed: units("packed", -9999999, 9999999, 2), Even: units("even", 0, 9999, 0),
		Blocked: rapid.Bool().Draw(t, "blocked"),
	}
	if rapid.Bool().Draw(t, "present") {
		s.Limit = decimal.NewNullDecimal(units("limit", -999, 999, 0))
		s.Day = time.Unix(86400*rapid.Int64Range(-700_000, 2_900_000).Draw(t, "day"), 0).UTC()
		s.Stamp = time.UnixMicro(rapid.Int64Range(-60_000_000_000_000_000, 250_000_000_000_000_000).Draw(t, "stamp")).UTC()
	}
	return s
}

func TestDecodeGivesBackWhatWasEncoded(t *testing.T) {
	l := layout(t)
	rapid.Check(t, func(t *rapid.T) {
		want := records(t)
		b, err := l.Append(nil, want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := l.Decode(b)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

// FuzzDecode: any bytes are refused with an error, or mean a record that encodes again to the same meaning.
func FuzzDecode(f *testing.F) {
	l := layout(f)
	good, err := l.Append(nil, full())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(make([]byte, len(good)))
	f.Fuzz(func(t *testing.T, b []byte) {
		first, err := l.Decode(b)
		if err != nil {
			return
		}
		again, err := l.Append(nil, first)
		if err != nil {
			t.Fatalf("%+v was read and cannot be written: %v", first, err)
		}
		second, err := l.Decode(again)
		if diff := cmp.Diff(first, second); err != nil || diff != "" {
			t.Fatal(err, diff)
		}
	})
}

func BenchmarkCode(b *testing.B) {
	l, record, room := layout(b), full(), []byte{}
	for b.Loop() {
		room, _ = l.Append(room[:0], record)
		_, _ = l.Decode(room)
	}
}
