package static

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/internal/hosttest"
)

// The readers of the release before, as they stood in trading and linecheck. They refuse a whole set for one record that does not
// pass.
type (
	formerPair struct {
		SpotLag           int             `json:"spot_lag"`
		RateDecimals      int32           `json:"rate_decimals"`
		PointsFactor      decimal.Decimal `json:"points_factor"`
		Tolerance         decimal.Decimal `json:"tolerance"` // as a fraction of the reference rate
		MaxRateAgeSeconds int             `json:"max_rate_age_seconds"`
		Volatility        decimal.Decimal `json:"volatility"`
	}
	formerLine struct {
		Currency     string `json:"currency"`
		Limit        string `json:"limit"`
		MaxTenorDays int    `json:"max_tenor_days"`
	}
	formerRisk struct {
		MaxDays int    `json:"max_days"`
		Factor  string `json:"factor"`
		Haircut string `json:"haircut"`
	}
)

// former decodes a record as a reader of the release before does.
func former[T any](t *testing.T, record json.RawMessage) T {
	t.Helper()
	var r T
	if err := json.Unmarshal(record, &r); err != nil {
		t.Fatalf("%s: %v", record, err)
	}
	return r
}

func TestAReplicaOfTheReleaseBeforeReadsEverySet(t *testing.T) {
	d := deliverer(t, hosttest.Start(t).Addr)
	pairs, _ := fetch(t, d, "pairs")
	for name, record := range pairs {
		p := former[formerPair](t, record)
		if !p.PointsFactor.IsPositive() || !p.Tolerance.IsPositive() || p.MaxRateAgeSeconds <= 0 || !p.Volatility.IsPositive() {
			t.Errorf("%s is refused: %s", name, record)
		}
		var now pair
		if err := json.Unmarshal(record, &now); err != nil || !p.Tolerance.Equal(now.HalfSpread.Mul(decimal.NewFromInt(int64(now.Band)))) {
			t.Errorf("%s has another tolerance: %s, %v", name, record, err)
		}
	}
	lines, _ := fetch(t, d, "lines")
	for node, days := range map[string]int{"client/C000905": 92, "client/C000900": 0} {
		if got := former[formerLine](t, lines[node]); got.MaxTenorDays != days || got.Limit == "" {
			t.Errorf("%s: %s", node, lines[node])
		}
	}
	risk, _ := fetch(t, d, "risk")
	for id, record := range risk {
		r := former[formerRisk](t, record)
		if strings.HasPrefix(id, "add_on/") && (r.MaxDays <= 0 || r.Factor == "") || strings.HasPrefix(id, "haircut/") && r.Haircut == "" {
			t.Errorf("%s is refused: %s", id, record)
		}
	}
}

// The former tables' own lengths.
func TestATenorHasItsFormerLength(t *testing.T) {
	for tenor, want := range map[string]int{
		"": 0, "SPOT": 2, "5D": 5, "1W": 7, "2W": 14, "1M": 31, "3M": 92, "6M": 183, "12M": 366, "1Y": 366, "5Y": 1827, "IMM": 1, "ever": 1,
	} {
		if got := formerDays(tenor); got != want {
			t.Errorf("%q: %d days, want %d", tenor, got, want)
		}
	}
}
