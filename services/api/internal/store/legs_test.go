package store_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/store"
)

// A batch may bring several messages about one leg. The row is what the messages one after the other would have made of it.
func TestWhatIsToldTwiceOfALegInOneBatch(t *testing.T) {
	pool, f := setUp(t)
	const trade, movement = "5c1b6a52-8a0e-8d51-9c3e-0d2f5f4f9a01", "5c1b6a52-8a0e-8d51-9c3e-0d2f5f4f9a02"
	execute(t, pool, "insert into trade (id, client, desk) values ('"+trade+"', 'C000001', 'FXS1')")
	noon := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	told := func(leg int, code, reference string, minute int) store.SettledLeg {
		return store.SettledLeg{TradeID: trade, Settlement: blotter.Settlement{
			Version: 1, Leg: leg, ValueDate: "2026-11-26", MovementID: movement, Code: code, Reference: reference, At: noon.Add(time.Duration(minute) * time.Minute),
			Attempt: minute + 1,
		}}
	}
	for range 2 { // the batch comes again
		b := &pgx.Batch{}
		store.QueueLegs(b, []store.SettledLeg{
			told(1, "NOFUNDS", "", 0), told(1, "CLOSED", "", 1), told(1, "", "M1", 2), told(1, "NOFUNDS", "", 3), told(2, "NOFUNDS", "", 1), told(2, "CLOSED", "", 0),
		})
		if err := pool.SendBatch(t.Context(), b).Close(); err != nil {
			t.Fatal(err)
		}
	}
	legs, err := f.Model.Movement(t.Context(), movement)
	if err != nil || len(legs) != 2 {
		t.Fatalf("%+v, %v", legs, err)
	}
	if l := legs[0]; l.State != "settled" || l.Reference != "M1" || l.Code != "" || l.ByHand {
		t.Errorf("the leg that was settled in the end: %+v", l)
	}
	if l := legs[1]; l.Attempt != 2 || l.FailedSince == nil {
		t.Errorf("how often the leg was tried, and since when it has failed: %+v", l)
	}
	if l := legs[1]; l.State != "failed" || l.Code != "NOFUNDS" || !l.At.Equal(noon.Add(time.Minute)) {
		t.Errorf("the leg that failed twice: %+v", l)
	}
}
