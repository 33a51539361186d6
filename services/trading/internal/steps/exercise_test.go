package steps_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/services/contract"
	"fxcore/services/trading/internal/steps"
	"fxcore/services/trading/internal/store"
)

func TestTheStepsOfRequests(t *testing.T) {
	ids := names(12)
	reserved, spoiled := reservedSpots(t, ids[:8]), reservedSpots(t, ids[11:])[0]
	tooLarge := spoiledData(authorizedSpot(t, ids[9]), `"1000000.00"`, `"100000000000000"`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      requests(dealing(t)),
		Migrations: store.Migrations,
		Events:     slices.Concat(reserved[:4], []event.Event{authorizedSpot(t, ids[8]), tooLarge}, reserved[4:]),
		Bad: []event.Event{
			newEvent(t, contract.TradeReserved, ids[10], map[string]any{"request": map[string]any{"trade_id": ids[10]}}),
			spoiledData(spoiled, `"kind":"request"`, `"kind":"rumour"`), // breaks a constraint of the table: its batch fails
		},
		AnyOrder: true,
	})
}

func TestTheStepsOfSettledLegs(t *testing.T) {
	ids := names(2)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      at(now, steps.Settled()),
		Migrations: store.Migrations,
		Prepare:    func(t *testing.T, pool *pgxpool.Pool) { registerAll(t, pool, ids) },
		Events:     []event.Event{settled(t, ids[0], 1, "1"), settled(t, ids[1], 1, "1")},
		Bad:        []event.Event{settled(t, ids[0], 2, "no such leg")},
		AnyOrder:   true,
	})
}

func TestTheStepsOfFacts(t *testing.T) {
	ids := names(4)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Batch]{
		Steps:      at(now, steps.Facts()),
		Migrations: store.Migrations,
		Prepare:    func(t *testing.T, pool *pgxpool.Pool) { registerAll(t, pool, ids[:3]) },
		Events: []event.Event{
			assigned(t, ids[0], "U0001", now), rejected(t, ids[1], "duplicate"), booked(t, ids[0], "B-0"),
			refused(t, ids[1], "E42", now), assigned(t, ids[1], "U0002", now), rejected(t, ids[3], "holiday"), booked(t, ids[2], "B-2"),
		},
		Bad: []event.Event{
			newEvent(t, contract.TradeBooked, ids[0], map[string]any{"trade_id": ids[0]}, "without a reference"),
			newEvent(t, contract.TradeAssigned, "7", map[string]any{"trade_id": "7", "desk": "FXS1"}),
			assigned(t, ids[3], "U0001", now), // of a trade that is not registered
		},
		AnyOrder: true,
	})
}
