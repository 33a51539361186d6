package rest

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"time"

	"fxcore/services/logging/internal/line"
)

const usualLimit = 100

// queryOf reads a query of lines from the parameters of a URL. Its error says which parameter is wrong. It refuses parameters that it does
// not know: a mistyped condition must not find everything.
func queryOf(values url.Values) (q line.Query, err error) {
	if err := known(values, "q", "level", "program", "service", "instance", "correlation", "trade", "trace", "from", "to", "limit", "cursor"); err != nil {
		return q, err
	}
	q = line.Query{
		Text: values.Get("q"), Level: values.Get("level"), Service: cmp.Or(values.Get("program"), values.Get("service")),
		Instance: values.Get("instance"), Story: cmp.Or(values.Get("correlation"), values.Get("trade")), Trace: values.Get("trace"), Limit: usualLimit,
	}
	if text := values.Get("limit"); text != "" {
		if q.Limit, err = strconv.Atoi(text); err != nil {
			return q, fmt.Errorf("limit must be 1 to %d", line.MaxLimit)
		}
	}
	if q.From, err = instant(values, "from"); err != nil {
		return q, err
	}
	if q.To, err = instant(values, "to"); err != nil {
		return q, err
	}
	if q.After, err = line.ParseCursor(values.Get("cursor")); err != nil {
		return q, err
	}
	return q, q.Validate()
}

func known(values url.Values, names ...string) error {
	for name, given := range values {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no parameter %q; there are %v", name, names)
		}
		if len(given) > 1 {
			return fmt.Errorf("%s is given %d times", name, len(given))
		}
	}
	return nil
}

// instant reads a time; zero if it is not given.
func instant(values url.Values, name string) (time.Time, error) {
	text := values.Get(name)
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, fmt.Errorf("%s must be a time such as 2026-11-30T10:03:00Z", name)
	}
	return at.UTC(), nil
}
