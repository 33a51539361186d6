package rest

import (
	"errors"
	"strconv"
	"time"

	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
	"fxcore/services/web"
)

// A cursor is opaque to callers: the place after which a page begins.

func writeCursor(p store.Place) string {
	return web.WriteCursor(p.Changed, p.ID)
}

// readCursor is the inverse of writeCursor. The error is a Problem.
func readCursor(text string) (store.Place, error) {
	parts, ok := web.ReadCursor(text, 2)
	if !ok || !contract.IsID(parts[1]) {
		return store.Place{}, web.CursorUnknown()
	}
	if _, err := strconv.ParseUint(parts[0], 10, 64); err != nil {
		return store.Place{}, web.CursorUnknown()
	}
	return store.Place{Changed: parts[0], ID: parts[1]}, nil
}

// writeLegCursor is writeCursor for settlements.
func writeLegCursor(p store.LegPlace) string {
	return web.WriteCursor(p.ValueDate, p.TradeID, strconv.Itoa(p.Version), strconv.Itoa(p.Leg))
}

// readLegCursor is the inverse of writeLegCursor. The error is a Problem.
func readLegCursor(text string) (store.LegPlace, error) {
	if parts, ok := web.ReadCursor(text, 4); ok && contract.IsID(parts[1]) {
		_, date := time.Parse(time.DateOnly, parts[0])
		version, wrong := strconv.ParseUint(parts[2], 10, 31)
		leg, bad := strconv.ParseUint(parts[3], 10, 15)
		if errors.Join(date, wrong, bad) == nil && parts[0] >= firstDay {
			return store.LegPlace{ValueDate: parts[0], TradeID: parts[1], Version: int(version), Leg: int(leg)}, nil
		}
	}
	return store.LegPlace{}, web.CursorUnknown()
}

// writeRefusedCursor is writeCursor for refused messages.
func writeRefusedCursor(p store.RefusedPlace) string {
	return web.WriteCursor(strconv.FormatInt(p.ReceivedAt.UnixMicro(), 10), p.ID)
}

// readRefusedCursor is the inverse of writeRefusedCursor. The error is a Problem.
func readRefusedCursor(text string) (store.RefusedPlace, error) {
	parts, ok := web.ReadCursor(text, 2)
	if !ok {
		return store.RefusedPlace{}, web.CursorUnknown()
	}
	micros, err := strconv.ParseInt(parts[0], 10, 64)
	place := store.RefusedPlace{ReceivedAt: time.UnixMicro(micros).UTC(), ID: parts[1]}
	if year := place.ReceivedAt.Year(); err != nil || !contract.IsID(place.ID) || year < 1900 || year > 9999 {
		return store.RefusedPlace{}, web.CursorUnknown()
	}
	return place, nil
}

// firstDay is the first day that a caller may name, as the patterns of parameters say: the database has no year 0.
const firstDay = "1900-01-01"
