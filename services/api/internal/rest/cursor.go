package rest

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

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
		return store.Place{}, unknownCursor()
	}
	return store.Place{Changed: changed, ID: id}, nil
}

func unknownCursor() *Problem {
	return problem(http.StatusUnprocessableEntity, "cursor_unknown", "This is not a cursor of this interface. Begin without one.")
}
