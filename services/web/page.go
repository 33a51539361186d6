package web

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
)

// WriteCursor returns a cursor, which is opaque to callers: the place after which a page of a list begins. The parts name the place. A part
// must not have a full stop, unless it is the last one.
func WriteCursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join(parts, ".")))
}

// ReadCursor returns the parts of a cursor that WriteCursor has made of so many, or false. The caller judges the parts: anybody can make a
// cursor.
func ReadCursor(text string, parts int) ([]string, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	read := strings.SplitN(string(raw), ".", parts)
	return read, len(read) == parts
}

// CursorUnknown is the answer to a text that is no cursor of the list.
func CursorUnknown() *Problem {
	return NewProblem(http.StatusUnprocessableEntity, CodeCursorUnknown, "This is not a cursor of this interface. Begin without one.")
}

// NextLink returns the header Link of the next page (RFC 8288). q has the cursor and the filters of this page.
func NextLink(path string, q url.Values) string {
	return "<" + path + "?" + q.Encode() + `>; rel="next"`
}
