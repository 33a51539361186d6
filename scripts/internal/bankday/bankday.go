// Package bankday ends the business day of a core that runs with the mainframe's simulator, and begins the next one. The simulator
// moves its clock, and all programs follow.
package bankday

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
	_ "time/tzdata" // the bank's place is known on any machine

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/internal/operator"
)

// evening is when the first payments of the next day have begun everywhere in Asia: what is due tomorrow in their mornings is
// instructed today.
const evening = "21:00"

// Bank is a core whose days are ended. Only one goroutine may use it.
type Bank struct {
	control string // of the mainframe's simulator
	conn    *pgx.Conn
	say     func(string)
}

// Open connects to the core's database. control is the URL of the simulator's control in the core's record. say tells of each step.
func Open(ctx context.Context, control, postgres string, say func(string)) (*Bank, error) {
	conn, err := pgx.Connect(ctx, postgres)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return &Bank{control, conn, say}, nil
}

// At returns a bank of which only the clock is looked at and moved. It needs no database.
func At(control string) *Bank { return &Bank{control: control} }

// Close ends the connection to the database.
func (b *Bank) Close(ctx context.Context) error { return b.conn.Close(ctx) }

// Time is what the simulator says about its clock.
type Time struct {
	Day    string    `json:"business_day"` // YYYY-MM-DD
	Now    time.Time `json:"now"`          // in Frankfurt
	Offset int       `json:"offset_seconds"`
}

// Ahead returns how far the bank's clock is ahead of real time.
func (t Time) Ahead() time.Duration { return time.Duration(t.Offset) * time.Second }

// date returns the date in Frankfurt, which is no business day on a weekend.
func (t Time) date() string { return t.Now.Format(time.DateOnly) }

// NextStop returns where the clock goes next: to the evening of its date, or to the morning of the next one.
func (t Time) NextStop() (date, timeOfDay string) {
	if t.Now.Format("15:04") < evening {
		return t.date(), evening
	}
	return t.Now.AddDate(0, 0, 1).Format(time.DateOnly), ""
}

// Look returns the bank's time.
func (b *Bank) Look(ctx context.Context) (Time, error) {
	var at Time
	text, err := b.ask(ctx, http.MethodGet, "/status", nil)
	if err != nil {
		return at, err
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("read the mainframe's status: %w", err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	at.Now = at.Now.In(zone)
	return at, err
}

// Next ends the business day and begins the next one. The clock goes through the evening of each date, also of a weekend: a payment
// of Monday can have its cut-off in Auckland before Monday begins in Frankfurt. At each stop Next waits until what is due is done.
func (b *Bank) Next(ctx context.Context) error {
	for {
		at, err := b.Look(ctx)
		if err != nil {
			return err
		}
		date, timeOfDay := at.NextStop()
		if err := b.to(ctx, date, timeOfDay); err != nil {
			return err
		}
		if timeOfDay != "" {
			continue
		}
		if at, err = b.Look(ctx); err != nil || at.Day == at.date() {
			return err
		}
	}
}

// Morning moves the bank's clock to the morning of a date, which must lie ahead, by a year at most.
func (b *Bank) Morning(ctx context.Context, date string) error { return b.to(ctx, date, "") }

// to moves the bank's clock and waits until what is due then is done. Without a time of day it is the morning.
func (b *Bank) to(ctx context.Context, date, timeOfDay string) error {
	if err := b.Jump(ctx, date, timeOfDay); err != nil {
		return err
	}
	at, err := b.Look(ctx)
	if err != nil {
		return err
	}
	b.say("the bank's clock: " + at.Now.Format("Mon 2006-01-02 15:04"))
	return b.Done(ctx, at.Now)
}

// Jump moves the bank's clock, and waits for nothing. Without a time of day it is the morning.
func (b *Bank) Jump(ctx context.Context, date, timeOfDay string) error {
	query := url.Values{"to": {date}}
	if timeOfDay != "" {
		query.Set("at", timeOfDay)
	}
	_, err := b.ask(ctx, http.MethodPost, "/day", query)
	return err
}

const askBound = 10 * time.Second

func (b *Bank) ask(ctx context.Context, method, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	answer, err := operator.Do(ctx, method, b.control, path+"?"+query.Encode())
	if err != nil {
		return nil, fmt.Errorf("ask the mainframe's simulator: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("the mainframe's simulator: %s", text)
	}
	return text, err
}
