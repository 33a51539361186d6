package health_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"fxcore/lambda/health"
)

func TestAReportSaysHowTheProcessIs(t *testing.T) {
	h := health.New(identity, start)
	h.Add("b", func(context.Context) error { return errors.New("second") })
	h.Add("a", func(context.Context) error { return errors.New("first") })
	h.Warn("c", func(context.Context) error { return errors.New("third") })
	h.Measure("fx_thing_seconds", func() float64 { return 1.5 })
	h.Measure("fx_nothing_ratio", math.NaN)
	h.Holds(func() []string { return []string{"z"} })
	h.Holds(func() []string { return []string{"y"} })
	r := h.Report(t.Context(), h.Reasons(t.Context()))
	if r.Instance != identity.Service+"-"+identity.Replica || r.Ready || !r.Live || !r.StartedAt.Equal(start) || r.Host == "" {
		t.Errorf("%+v", r)
	}
	if !slices.Equal(r.Reasons, []health.Reason{{Part: "a", Text: "first"}, {Part: "b", Text: "second"}}) || len(r.Warnings) != 1 {
		t.Errorf("reasons %v, warnings %v", r.Reasons, r.Warnings)
	}
	if !slices.Equal(r.Holds, []string{"y", "z"}) {
		t.Errorf("holds %v", r.Holds)
	}
	if _, some := r.Measures["fx_nothing_ratio"]; some || r.Measures["fx_thing_seconds"] != 1.5 {
		t.Errorf("measures %v", r.Measures)
	}
	for _, name := range []string{"fx_process_goroutines", "fx_process_resident_bytes", "fx_process_open_files", "fx_process_heap_bytes"} {
		if r.Measures[name] <= 0 {
			t.Errorf("%s is %v", name, r.Measures[name])
		}
	}
}

func TestADroppedMeasureIsNotReported(t *testing.T) {
	h := health.New(identity, start)
	h.Measure("fx_thing_seconds", func() float64 { return 1 })
	h.Drop("fx_thing_seconds")
	if _, some := h.Report(t.Context(), h.Reasons(t.Context())).Measures["fx_thing_seconds"]; some {
		t.Error("is reported")
	}
}
