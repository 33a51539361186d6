package rest

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"fxcore/services/api/internal/store"
	"fxcore/services/contract"
)

// A cursor is opaque to callers: the place after which a page begins.

func writeCursor(p store.Place) string {
	return base64.RawURLEncoding.EncodeToString([]byte(p.Changed + "." + p.ID))
}

// readCursor is the inverse of writeCursor. The error is a Problem.
func readCursor(text string) (store.Place, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	changed, id, _ := strings.Cut(string(raw), ".")
	if _, number := strconv.ParseUint(changed, 10, 64); err != nil || number != nil || !contract.IsID(id) {
		return store.Place{}, cursorUnknown()
	}
	return store.Place{Changed: changed, ID: id}, nil
}

// writeLegCursor is writeCursor for settlements.
func writeLegCursor(p store.LegPlace) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s.%s.%d.%d", p.ValueDate, p.TradeID, p.Version, p.Leg))
}

// readLegCursor is the inverse of writeLegCursor. The error is a Problem.
func readLegCursor(text string) (store.LegPlace, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), ".")
	if err == nil && len(parts) == 4 && contract.IsID(parts[1]) {
		_, date := time.Parse(time.DateOnly, parts[0])
		version, wrong := strconv.ParseUint(parts[2], 10, 31)
		leg, bad := strconv.ParseUint(parts[3], 10, 15)
		if errors.Join(date, wrong, bad) == nil && parts[0] >= firstDay {
			return store.LegPlace{ValueDate: parts[0], TradeID: parts[1], Version: int(version), Leg: int(leg)}, nil
		}
	}
	return store.LegPlace{}, cursorUnknown()
}

// writeRefusedCursor is writeCursor for refused messages.
func writeRefusedCursor(p store.RefusedPlace) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d.%s", p.ReceivedAt.UnixMicro(), p.ID))
}

// readRefusedCursor is the inverse of writeRefusedCursor. The error is a Problem.
func readRefusedCursor(text string) (store.RefusedPlace, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	at, id, _ := strings.Cut(string(raw), ".")
	micros, number := strconv.ParseInt(at, 10, 64)
	place := store.RefusedPlace{ReceivedAt: time.UnixMicro(micros).UTC(), ID: id}
	if year := place.ReceivedAt.Year(); errors.Join(err, number) != nil || !contract.IsID(id) || year < 1900 || year > 9999 {
		return store.RefusedPlace{}, cursorUnknown()
	}
	return place, nil
}

// firstDay is the first day that a caller may name, as the patterns of parameters say: the database has no year 0.
const firstDay = "1900-01-01"

func cursorUnknown() *Problem {
	return problem(http.StatusUnprocessableEntity, codeCursorUnknown, "This is not a cursor of this interface. Begin without one.")
}
