//go:build e2e

package e2e

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// away is how long the mainframe is gone: half of it silent, half of it refusing connections.
const away = 2 * time.Minute

// mainframeAway: trades are decided on what is known meanwhile, and booked afterwards, once and in order.
func (c *core) mainframeAway(t *testing.T) {
	ts := c.open(t, "away", "TEST5", "TEST6")
	ts.trade(t, 25)
	began := time.Now()
	c.order(t, "/away", url.Values{"how": {"blackhole"}, "for": {away.String()}})
	pass(t, time.Second) // what was on its way to the book
	booked := c.bookings(t)
	pass(t, away/2-time.Since(began))
	c.order(t, "/away", url.Values{"how": {"refuse"}, "for": {(away - time.Since(began)).String()}})
	pass(t, away-time.Since(began)-10*time.Second)
	decided := ts.accepted()
	pass(t, 5*time.Second)
	late := ts.accepted() - decided
	t.Logf("%s after the mainframe went: %d accepted, %d of them in the last 5 s, %d booked", since(began), decided+late, late, c.bookings(t)-booked)
	if late < 5*25 {
		t.Errorf("only %d requests were accepted in 5 s while the mainframe was away", late)
	}
	if now := c.bookings(t); now != booked {
		t.Errorf("%d trades were booked while the mainframe was away", now-booked)
	}
	pass(t, away-time.Since(began)+time.Second)
	ts.finish(t)
	for _, why := range ts.rejected() {
		t.Errorf("rejected without a mistake: %s", why)
	}
	c.judge(t, calm()...)
	t.Logf("all booked %s after the mainframe returned", since(began.Add(away)))
}

// order tells the simulator how to misbehave.
func (c *core) order(t *testing.T, path string, values url.Values) {
	t.Helper()
	c.simulator(t, http.MethodPost, path+"?"+values.Encode())
}

func (c *core) bookings(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(strings.TrimSpace(c.simulator(t, http.MethodGet, "/bookings/count")))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (c *core) simulator(t *testing.T, method, path string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, c.urls["mainframe_control"]+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s %v", method, path, response.Status, b, err)
	}
	return string(b)
}
