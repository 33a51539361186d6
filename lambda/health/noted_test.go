package health_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"fxcore/lambda/health"
)

func TestAReportMeasuresHowItsCheckEnded(t *testing.T) {
	var away error
	check, up := health.Noted(func(context.Context) error { return away })
	h := health.New(health.Identity{Service: "s", Replica: "1"}, time.Now())
	h.Add("store", check)
	h.Measure("up", up)
	for _, want := range []float64{1, 0, 1} {
		away = nil
		if want == 0 {
			away = errors.New("away")
		}
		if r := h.Report(t.Context(), h.Reasons(t.Context())); r.Measures["up"] != want || r.Ready != (want == 1) {
			t.Errorf("it measures %v, ready %v; want %v", r.Measures["up"], r.Ready, want)
		}
	}
}
