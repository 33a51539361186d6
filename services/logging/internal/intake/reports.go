package intake

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/logging/internal/history"
)

// ReportStore is where reports of health go. WriteReports stores each report once.
type ReportStore interface {
	WriteReports(ctx context.Context, reports []history.Report) error
}

// Reports handles reports of health.
type Reports struct {
	Store ReportStore
	Log   *slog.Logger
}

// report is what the history needs of health.reported.
type report struct {
	Instance string           `json:"instance"`
	Program  string           `json:"program"`
	Version  string           `json:"version"`
	Host     string           `json:"host"`
	Started  time.Time        `json:"started_at"`
	Ready    bool             `json:"ready"`
	Reasons  []history.Reason `json:"reasons"`
	Every    float64          `json:"every_seconds"`
}

// Handle stores the reports of a batch, all at once. While the store is away, they come again.
func (r Reports) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	var reports []history.Report
	for i, e := range events {
		read, err := Report(e)
		if results[i].Err = err; err == nil {
			reports = append(reports, read)
		}
	}
	if err := r.store(ctx, reports); err != nil {
		for i := range results {
			if results[i].Err == nil {
				results[i].Err = err
			}
		}
	}
	return results
}

// store tries until the store takes the reports or ctx ends: what waits stays in the queue, which is bounded.
func (r Reports) store(ctx context.Context, reports []history.Report) error {
	if len(reports) == 0 {
		return nil
	}
	for said := false; ; said = true {
		bounded, cancel := context.WithTimeout(ctx, writeBound)
		err := r.Store.WriteReports(bounded, reports)
		cancel()
		if err == nil || ctx.Err() != nil {
			return err
		}
		if !said {
			r.Log.WarnContext(ctx, "reports of health wait: the store does not take them", log.Error(err))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

const again = time.Second

// The years of which a store can keep a report.
const firstYear, lastYear = 2000, 2200

// Report reads health.reported. Its error means that the event is none.
func Report(e event.Event) (history.Report, error) {
	var r report
	if err := e.Read(&r); err != nil {
		return history.Report{}, err
	}
	at := e.Time.UTC().Truncate(time.Microsecond)
	if at.Year() < firstYear || at.Year() > lastYear {
		return history.Report{}, fmt.Errorf("read health.reported: its time is %s", at.Format(time.RFC3339))
	}
	r.clean()
	return history.Report{
		ID: event.NewID(event.DayOf(at), "report", e.ID), Instance: r.Instance, Program: r.Program, Version: r.Version, Host: r.Host,
		At: at, Started: r.Started.UTC().Truncate(time.Microsecond), Ready: r.Ready, Reasons: r.Reasons,
		Every: time.Duration(r.Every * float64(time.Second)),
	}, nil
}

// clean replaces zero bytes, which PostgreSQL's text cannot hold. A reason may quote what a server has sent.
func (r *report) clean() {
	for _, text := range []*string{&r.Instance, &r.Program, &r.Version, &r.Host} {
		*text = strings.ReplaceAll(*text, "\x00", "�")
	}
	for i := range r.Reasons {
		r.Reasons[i].Part, r.Reasons[i].Text = strings.ReplaceAll(r.Reasons[i].Part, "\x00", "�"), strings.ReplaceAll(r.Reasons[i].Text, "\x00", "�")
	}
}
