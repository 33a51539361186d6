// Package ahead has the mainframe's simulator move the bank's clock on, where days are run ahead. A real mainframe has no such order: its
// clock is real time.
package ahead

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
	_ "time/tzdata" // the mainframe's place is known on any machine

	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/trust"
)

// Config says where the simulator takes orders.
type Config struct {
	Control string `env:"MAINFRAME_CONTROL"` // its URL; empty: the bank's clock cannot be moved
}

// Mover moves the clock. It has no state: a command that comes again finds the clock where it was moved to.
type Mover struct {
	Config

	HTTP *http.Client // see Client
}

// Client returns a client that proves to the simulator who we are. name is the one in the simulator's certificate; empty: its address on this
// machine.
func Client(known *trust.Trust, name string) *http.Client {
	secure := known.Dialing(cmp.Or(name, "127.0.0.1"))
	return &http.Client{Transport: &http.Transport{DisableKeepAlives: true, TLSClientConfig: secure}} // orders are rare
}

// bound is how long one order may take.
const bound = 10 * time.Second

// ErrNotAllowed says that nobody may move the clock here.
var ErrNotAllowed = errors.New("the bank's clock cannot be moved here: MAINFRAME_CONTROL is not set")

// errRefused says that the simulator never does what is ordered.
var errRefused = errors.New("the mainframe's simulator refuses the order")

// Handle moves the clock to each time that is commanded, unless it is later already. While the simulator is away the command comes back.
func (m Mover) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		to, err := messages.ReadClockCommanded(e)
		if err == nil {
			err = m.move(ctx, to)
		}
		results[i].Err = err
	}
	return results
}

func (m Mover) move(ctx context.Context, to time.Time) error {
	if m.Control == "" {
		return ErrNotAllowed
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	now, err := m.ask(ctx, http.MethodGet, "/status", nil)
	if err == nil && now.Before(to) {
		to = to.In(zone)
		now, err = m.ask(ctx, http.MethodPost, "/day", url.Values{"to": {to.Format(time.DateOnly)}, "at": {to.Format("15:04")}})
	}
	switch {
	case errors.Is(err, errRefused):
		return err
	case err != nil:
		return amqp.Wait(err)
	}
	if now.Before(to) {
		return fmt.Errorf("the mainframe's clock is at %s, and was to be moved to %s", now.Format(time.RFC3339), to.Format(time.RFC3339))
	}
	return nil
}

// ask makes a request, and returns the mainframe's time after it.
func (m Mover) ask(ctx context.Context, method, path string, query url.Values) (now time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, m.Control+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return now, err
	}
	answer, err := m.HTTP.Do(r)
	if err != nil {
		return now, fmt.Errorf("order the mainframe's simulator: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	switch {
	case err == nil && answer.StatusCode >= http.StatusInternalServerError:
		err = fmt.Errorf("the mainframe's simulator answers %s: %s", answer.Status, text)
	case err == nil && answer.StatusCode != http.StatusOK:
		err = fmt.Errorf("%w: %s", errRefused, text)
	}
	var status struct{ Now time.Time }
	if err == nil {
		err = json.Unmarshal(text, &status)
	}
	return status.Now, err
}
