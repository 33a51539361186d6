package demo

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// The rules of engagement say what the band of a price is, for each class of pairs.
func TestTheRulesOfEngagementHaveEachBand(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "fix", "ROE.md"))
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := Pairs()
	if err != nil {
		t.Fatal(err)
	}
	percent := func(fraction decimal.Decimal) string { return fraction.Shift(2).String() + " %" }
	for _, p := range pairs {
		band, own := decimal.NewFromInt(int64(p.Band)), decimal.NewFromInt(int64(p.ClientBand))
		row := strings.Join([]string{percent(p.HalfSpread), band.String(), percent(p.HalfSpread.Mul(band)), own.String(), percent(p.HalfSpread.Mul(own)), percent(p.PointsSpread)}, " | ")
		if !strings.Contains(string(text), " | "+row+" |") {
			t.Errorf("%s: no row has %s", p.Name, row)
		}
	}
}
