package rest_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/steps"
	"fxcore/services/contract"
)

// ran hands the read model a message about a job that another message has caused.
func (b *bench) ran(typ event.Type, name, causation string, data map[string]any) {
	b.t.Helper()
	text, err := json.Marshal(data)
	if err != nil {
		b.t.Fatal(err)
	}
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, name), contract.Batch, "a run", json.RawMessage(text))
	if err != nil {
		b.t.Fatal(err)
	}
	e.Causation = causation
	for _, r := range steps.Facts().Handler(b.Pool, "api/test", testkit.Log(b.t)).Handle(b.t.Context(), []event.Event{e}) {
		if r.Err != nil {
			b.t.Fatal(r.Err)
		}
	}
}

func (b *bench) jobs(query string) []blotter.Run {
	b.t.Helper()
	return read[struct{ Runs []blotter.Run }](b.t, b.call(http.MethodGet, "/v1/jobs"+query, operator, nil), http.StatusOK).Runs
}

func TestARunIsShownAsFarAsItIs(t *testing.T) {
	b := setUp(t)
	due := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	part := func(n, done int) map[string]any {
		return map[string]any{"job": "balance books", "due": due, "attempt": 0, "part": n, "done": done, "total": 10, "started_at": due}
	}
	b.ran(contract.JobDue, "0", "", part(0, 0))
	if runs := b.jobs(""); len(runs) != 0 {
		t.Errorf("before the second part: %+v", runs)
	}
	b.ran(contract.JobDue, "2", id("part 1"), part(2, 6))
	b.ran(contract.JobDue, "1", id("part 0"), part(1, 2)) // late
	runs := b.jobs("?state=running&job=balance%20books")
	if len(runs) != 1 || runs[0].Done != 6 || runs[0].Total != 10 || runs[0].CommandID != "" || !runs[0].StartedAt.Equal(due) {
		t.Fatalf("%+v", runs)
	}
	b.ran(contract.JobDue, "3", id("part 2"), part(3, 8))
	if r := b.jobs("")[0]; r.Done != 8 || r.PerSecond <= 0 || r.Remaining < 1 {
		t.Errorf("%+v", r)
	}
	ended := map[string]any{
		"service": "settlement", "job": "balance books", "due": due, "attempt": 0, "state": "finished", "parts": 4, "done": 10, "total": 10,
		"started_at": due, "finished_at": due.Add(time.Minute),
	}
	b.ran(contract.JobFinished, "end", id("part 3"), ended)
	b.ran(contract.JobDue, "again", id("part 1"), part(2, 6)) // very late
	runs = b.jobs("?service=settlement")
	if len(runs) != 1 || runs[0].State != "finished" || runs[0].Done != 10 || runs[0].Remaining != 0 || runs[0].FinishedAt == nil {
		t.Errorf("%+v", runs)
	}
	b.call(http.MethodGet, "/v1/jobs", trader, nil).is(t, http.StatusForbidden, "no_right")
}

// Who gives a command is told what became of it: which run it started, or why nothing was done.
func TestACommandAboutAJobIsAnswered(t *testing.T) {
	b := setUp(t)
	command := func(key string) string {
		body := map[string]any{"job": "balance books", "action": "start", "reason": "a report came late"}
		return read[struct {
			ID string `json:"command_id"`
		}](t, b.call(http.MethodPost, "/v1/job-commands", operator, body, "Idempotency-Key", key), http.StatusAccepted).ID
	}
	started, no := command("key-0001"), command("key-0002")
	due := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	b.ran(contract.JobDue, "0", started, map[string]any{"job": "balance books", "due": due, "attempt": 1, "part": 0, "by": "U0003", "reason": "r"})
	b.ran(contract.JobFinished, "no", no, map[string]any{
		"service": "settlement", "job": "balance books", "due": time.Time{}, "attempt": 0, "state": "refused", "error": "under way", "by": "U0003", "reason": "r", "finished_at": due,
	})
	b.ran(contract.JobFinished, "end", id("part 0"), map[string]any{
		"service": "settlement", "job": "balance books", "due": due, "attempt": 1, "state": "failed", "error": "no rates", "by": "U0003", "reason": "r", "finished_at": due,
	})
	if runs := b.jobs("?command=" + started); len(runs) != 1 || runs[0].State != "failed" || runs[0].Error != "no rates" || runs[0].CommandID != started || runs[0].By != "U0003" {
		t.Errorf("%+v", runs)
	}
	if runs := b.jobs("?command=" + no); len(runs) != 1 || runs[0].State != "refused" || runs[0].Error != "under way" || runs[0].Due != nil {
		t.Errorf("%+v", runs)
	}
}

func TestTheReportOfADayIsShown(t *testing.T) {
	b := setUp(t)
	told := func(name, day string, at time.Time, executed int) {
		b.ran(contract.SettlementReported, name, "", map[string]any{"day": day, "made_at": at, "report": map[string]any{
			"trades": 3, "legs": map[string]any{"executed": executed, "failed": 1, "open": 0}, "owed": map[string]any{"EUR": "-2"}, "imbalances": 0,
			"reconciliation": nil, "balancing": map[string]any{"deals": 0, "without_rate": 0},
		}})
	}
	at := time.Date(2026, 11, 27, 1, 0, 0, 0, time.UTC)
	told("1", "2026-11-25", at, 1)
	told("2", "2026-11-26", at.Add(time.Hour), 5) // made anew
	told("3", "2026-11-26", at, 4)                // late
	got := read[blotter.DayReport](t, b.call(http.MethodGet, "/v1/reports/2026-11-26", operator, nil), http.StatusOK)
	if got.Report.Legs.Executed != 5 || got.Report.Owed["EUR"] != "-2" || !got.MadeAt.Equal(at.Add(time.Hour)) || got.Report.Reconciliation != nil {
		t.Errorf("%+v", got)
	}
	if got.Lines != nil {
		t.Errorf("a comparison that was not made: %+v", got.Lines)
	}
	compared := func(name string, at time.Time, named ...string) {
		b.handleEvent(steps.ComparedSteps().Handler(b.Pool, "api/test", testkit.Log(b.t)), name, contract.LinesCompared, "lines", map[string]any{
			"day": "2026-11-26", "made_at": at, "differences": len(named), "named": named,
		})
	}
	compared("1", at.Add(time.Hour), "client/C000900 consumed: stored 7.00") // made anew
	compared("2", at)
	for place, want := range map[string]int{"/v1/reports/2026-11-26": 1, "/v1/reports/2026-11-25": 0} {
		lines := read[blotter.DayReport](t, b.call(http.MethodGet, place, operator, nil), http.StatusOK).Lines
		if (lines != nil) != (want > 0) || lines != nil && (lines.Differences != 1 || len(lines.Named) != 1 || !lines.MadeAt.Equal(at.Add(time.Hour))) {
			t.Errorf("%s: %+v", place, lines)
		}
	}
	for query, want := range map[string]int{"": 2, "?to=2026-11-25": 1, "?limit=1": 1, "?to=2026-11-24": 0} {
		list := read[struct{ Reports []blotter.DayReport }](t, b.call(http.MethodGet, "/v1/reports"+query, operator, nil), http.StatusOK)
		if len(list.Reports) != want {
			t.Errorf("%q: %+v", query, list.Reports)
		}
	}
	b.call(http.MethodGet, "/v1/reports/2026-11-24", operator, nil).is(t, http.StatusNotFound, "not_found")
	b.call(http.MethodGet, "/v1/reports/yesterday", operator, nil).is(t, http.StatusUnprocessableEntity, "invalid")
	b.call(http.MethodGet, "/v1/reports", trader, nil).is(t, http.StatusForbidden, "no_right")
}
