package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// evening is when the first payments of the next day have begun everywhere in Asia: what is due tomorrow in their mornings is
// instructed today.
const evening = "21:00"

// day ends the bank's business day and begins the next one: the mainframe's simulator moves its clock, and all programs follow.
// Before and after the jump it waits until what is due is executed.
func day(ctx context.Context, o options, _ []string) error {
	d, err := openDay(ctx, o)
	if err != nil {
		return err
	}
	defer d.conn.Close(context.WithoutCancel(ctx))
	at, err := d.look(ctx)
	if err != nil {
		return err
	}
	if at.Now.In(at.zone).Format("15:04") < evening {
		if err := d.move(ctx, url.Values{"to": {at.Now.In(at.zone).Format(time.DateOnly)}, "at": {evening}}); err != nil {
			return err
		}
	}
	if err := d.move(ctx, nil); err != nil {
		return err
	}
	return d.report(ctx)
}

// dayRun is a running core whose day is ended.
type dayRun struct {
	control string // of the mainframe's simulator
	conn    *pgx.Conn
}

var errNothingRuns = errors.New("nothing runs; start the core with make up")

func openDay(ctx context.Context, o options) (*dayRun, error) {
	f, err := folder.Open(o.root)
	if err != nil {
		return nil, err
	}
	record, err := supervisor.Read(f)
	if err != nil {
		return nil, err
	}
	if !f.InUse() {
		return nil, errNothingRuns
	}
	conn, err := pgx.Connect(ctx, record.URLs["postgres"])
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return &dayRun{record.URLs["mainframe_control"], conn}, nil
}

// bankTime is what the simulator says about its clock.
type bankTime struct {
	Day  string    `json:"business_day"`
	Now  time.Time `json:"now"`
	zone *time.Location
}

func (d *dayRun) look(ctx context.Context) (bankTime, error) {
	var at bankTime
	text, err := d.ask(ctx, http.MethodGet, "/status", nil)
	if err != nil {
		return at, err
	}
	if err := json.Unmarshal(text, &at); err != nil {
		return at, fmt.Errorf("read the mainframe's status: %w", err)
	}
	at.zone, err = time.LoadLocation("Europe/Berlin")
	return at, err
}

// move moves the bank's clock and waits until what is due then is executed.
func (d *dayRun) move(ctx context.Context, to url.Values) error {
	if _, err := d.ask(ctx, http.MethodPost, "/day", to); err != nil {
		return err
	}
	at, err := d.look(ctx)
	if err != nil {
		return err
	}
	say("the bank's clock: " + at.Now.In(at.zone).Format("Mon 2006-01-02 15:04"))
	return d.settled(ctx, at.Now)
}

const (
	settleBound = 5 * time.Minute
	settleEvery = 500 * time.Millisecond
)

// settled waits until a run of the job that executes what is due has ended for a time, and the mainframe has answered all.
func (d *dayRun) settled(ctx context.Context, at time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, settleBound)
	defer cancel()
	tick := time.NewTicker(settleEvery)
	defer tick.Stop()
	for {
		var open string
		err := d.conn.QueryRow(ctx, dueQuery, at.Truncate(5*time.Minute)).Scan(&open)
		if err == nil && open == "" {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("not all that is due is executed: %s; make status says more: %w", open, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

const dueQuery = `select case
    when not exists (select from settlement.job_run where job = 'execute due trades' and due >= $1 and state = 'finished')
        then 'the job that executes what is due has not run'
    when exists (select from settlement.movement where state = 'requested') then 'movements without an answer'
    else '' end`

func (d *dayRun) report(ctx context.Context) error {
	at, err := d.look(ctx)
	if err != nil {
		return err
	}
	var settled, open, failed int
	if err := d.conn.QueryRow(ctx, `select count(*) filter (where state = 'settled'), count(*) filter (where state = 'open'),
		count(*) filter (where state = 'failed') from settlement.obligation`).Scan(&settled, &open, &failed); err != nil {
		return fmt.Errorf("count legs: %w", err)
	}
	say(fmt.Sprintf("business day %s: %d legs are settled, %d wait for their date, %d have failed", at.Day, settled, open, failed))
	return nil
}

const askBound = 10 * time.Second

func (d *dayRun) ask(ctx context.Context, method, path string, query url.Values) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, askBound)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, d.control+path+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, fmt.Errorf("ask the mainframe's simulator: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("the mainframe's simulator: %s", text)
	}
	return text, err
}
