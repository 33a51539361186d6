package dialect

import (
	"testing"

	"fxcore/gateways/internal/story"
)

// A reservation is of a spot trade if it says SPOT, the only name of spot in this protocol, or if it says nothing. The core
// refuses a tenor that it does not know.
func TestAReservationIsOfSpotOnlyIfItSaysSoOrSaysNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tenor, date, want string }{
		{"", "", story.ProductSpot},
		{"SPOT", "", story.ProductSpot},
		{"SPOT", "2026-11-26", story.ProductSpot},
		{"", "2026-11-26", story.ProductForward},
		{"1M", "", story.ProductForward},
		{"TOM", "", story.ProductForward},
		{"SP", "", story.ProductForward},
		{"SOON", "", story.ProductForward},
	} {
		if got := product(c.tenor, c.date); got != c.want {
			t.Errorf("tenor %q, value date %q: %s, want %s", c.tenor, c.date, got, c.want)
		}
	}
}
