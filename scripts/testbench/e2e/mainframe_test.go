//go:build e2e

package e2e

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/operator"
)

// decidedAway is how many requests of each provider are accepted while the mainframe is silent, and again while it refuses
// connections: more than its gateway takes from the queue at once, so that trades wait there, too.
const decidedAway = 500

// mainframeAway: trades are decided on what is known meanwhile, none of them is booked, and all are booked afterwards, once and in
// order.
func (c *core) mainframeAway(t *testing.T) {
	ts := c.open(t, "away", "TEST5", "TEST6")
	ts.trade(t, traffic)
	defer c.order(t, "/well", url.Values{})
	c.takeAway(t, "blackhole")
	went := time.Now()
	ts.more(t, decidedAway)
	c.warns(t, "mainframe bookings")
	c.takeAway(t, "refuse")
	ts.more(t, decidedAway)
	c.warns(t, "mainframe bookings")
	registered, booked := c.askedSince(t, went)
	t.Logf("%d trades were registered in %s without the mainframe", registered, since(went))
	if registered < decidedAway || booked > 0 {
		t.Errorf("of the trades that were asked for while the mainframe was away, %d were registered and %d are booked", registered, booked)
	}
	c.order(t, "/well", url.Values{})
	ts.finish(t)
	for _, why := range ts.rejected() {
		if !strings.Contains(why, " from the reference ") { // the market moves on, and the bank's rates stood still for as long as the machine took
			t.Errorf("rejected without a mistake: %s", why)
		}
	}
	c.judge(t, c.undisturbed()...) // all are booked
}

// takeAway takes the mainframe away, or changes how it is away, until it is ordered to be well.
func (c *core) takeAway(t *testing.T, how string) {
	t.Helper()
	c.order(t, "/away", url.Values{"how": {how}, "for": {"1h"}})
}

// warns waits until a replica of the mainframe's gateway warns of this.
func (c *core) warns(t *testing.T, of string) {
	t.Helper()
	testkit.Eventually(t, "a warning of "+of, moreBound, func() error {
		for _, id := range []string{"mainframe-1", "mainframe-2"} {
			if s, err := c.health(t, id); err != nil || s.Warnings[of] != "" {
				return err
			}
		}
		return errors.New("there is none")
	})
}

// askedSince counts the trades that were asked for after the mainframe went, and those of them that it has booked.
func (c *core) askedSince(t *testing.T, went time.Time) (registered, booked int) {
	t.Helper()
	e, err := c.evidence(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	asked := map[[2]string]bool{}
	for _, s := range e.Sent {
		if !s.Again {
			asked[[2]string{s.Session, s.Reference}] = s.At.After(went)
		}
	}
	waits := map[string]bool{}
	for i := range e.Trades {
		if t := &e.Trades[i]; asked[[2]string{t.Provider, t.Reference}] {
			waits[t.ID] = true
		}
	}
	for _, b := range e.Bookings {
		if waits[b.TradeID] {
			booked++
		}
	}
	return len(waits), booked
}

// order tells the simulator how to misbehave.
func (c *core) order(t *testing.T, path string, values url.Values) {
	t.Helper()
	c.simulator(t, http.MethodPost, path+"?"+values.Encode())
}

func (c *core) simulator(t *testing.T, method, path string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), statusBound)
	defer cancel()
	response, err := operator.Do(ctx, method, c.urls["mainframe_control"], path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	b, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %s %s, %v", method, path, response.Status, b, err)
	}
	return string(b)
}
