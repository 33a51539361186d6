package intake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/intake"
	"fxcore/services/logging/internal/line"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// shelf takes lines and reports, unless it is away.
type shelf struct {
	away    int // so many calls fail
	lines   []line.Line
	reports []history.Report
}

func (s *shelf) fails() error {
	if s.away > 0 {
		s.away--
		return errors.New("away")
	}
	return nil
}

func (s *shelf) Write(_ context.Context, lines []line.Line) error {
	err := s.fails()
	if err == nil {
		s.lines = append(s.lines, lines...)
	}
	return err
}

func (s *shelf) WriteReports(_ context.Context, reports []history.Report) error {
	err := s.fails()
	if err == nil {
		s.reports = append(s.reports, reports...)
	}
	return err
}

func TestLinesAreNumberedByTheirPost(t *testing.T) {
	t.Parallel()
	s := &shelf{away: 1}
	var stored int
	l := &intake.Lines{Store: s, Log: testkit.Log(t), Now: func() time.Time { return noon }, Count: func(n int) { stored += n }}
	posts := []amqp.Post{{ID: "auth/2/17/42", Body: []byte("{\"message\":\"a\"}\n\n{\"message\":\"b\"}\n"), Time: noon}, {Body: []byte("no JSON"), Time: noon}}
	if err := l.Receive(t.Context(), posts); err == nil || len(s.lines) > 0 {
		t.Fatal("posts count as stored that are not")
	}
	if err := l.Receive(t.Context(), posts); err != nil {
		t.Fatal(err)
	}
	if len(s.lines) != 3 || stored != 3 || s.lines[0].Sequence != 42 || s.lines[1].Sequence != 44 || s.lines[1].Instance != "auth-2" || s.lines[2].Message != "no JSON" {
		t.Errorf("%d: %+v", stored, s.lines)
	}
	again := intake.Read(posts[1], noon)
	if again[0].ID != s.lines[2].ID {
		t.Error("a post without an id has other ids when it comes again")
	}
}

// A post without a time, or of a time that no store has a place for, is of now. One that has waited long keeps its time.
func TestAPostsTimeIsOneThatCanBe(t *testing.T) {
	t.Parallel()
	waited := noon.AddDate(0, 0, -20)
	for at, want := range map[time.Time]time.Time{
		{}: noon, time.Unix(1<<40, 0): noon, noon.AddDate(0, 0, -40): noon, noon.Add(2 * time.Hour): noon, waited: waited, noon.Add(time.Minute): noon.Add(time.Minute),
	} {
		lines := intake.Read(amqp.Post{ID: "auth/2/17/42", Body: []byte(`{"message":"a"}`), Time: at}, noon)
		if len(lines) != 1 || !lines[0].Time.Equal(want) {
			t.Errorf("a post of %s is of %+v", at, lines)
		}
	}
}

// What a store cannot hold is no report, or is made so that it can: it must not come again for ever.
func TestAReportIsOneThatCanBeStored(t *testing.T) {
	t.Parallel()
	odd := reported(t, map[string]any{"instance": "auth-\x002", "program": "auth", "reasons": []any{map[string]any{"part": "p\x00", "text": "said \x00"}}, "every_seconds": 5})
	if r, err := intake.Report(odd); err != nil || strings.Contains(fmt.Sprint(r), "\x00") || r.Reasons[0].Text != "said �" {
		t.Errorf("%+v, %v", r, err)
	}
	for _, at := range []time.Time{{}, time.Unix(1<<37, 0)} {
		e := reported(t, map[string]any{"instance": "auth-2"})
		e.Time = at
		if _, err := intake.Report(e); err == nil {
			t.Errorf("a report of %s is taken", at)
		}
	}
}

func reported(t *testing.T, data any) event.Event {
	t.Helper()
	e, err := event.New(contract.HealthReported, event.NewID(testkit.Day, "report"), "operations", "auth-2", data)
	if err != nil {
		t.Fatal(err)
	}
	e.Time = noon
	return e
}

func TestReportsAreStoredOnceTheStoreIsThere(t *testing.T) {
	t.Parallel()
	s := &shelf{away: 1}
	good := reported(t, map[string]any{
		"instance": "auth-2", "program": "auth", "ready": false, "reasons": []any{map[string]any{"part": "postgres", "text": "away"}}, "every_seconds": 5,
	})
	bad := reported(t, map[string]any{"ready": "perhaps"})
	results := intake.Reports{Store: s, Log: testkit.Log(t)}.Handle(t.Context(), []event.Event{good, bad})
	if results[0].Err != nil || results[1].Err == nil || len(s.reports) != 1 {
		t.Fatalf("%v, %+v", results, s.reports)
	}
	if r := s.reports[0]; r.Instance != "auth-2" || r.Ready || r.Every != 5*time.Second || !r.At.Equal(noon) || len(r.Reasons) != 1 {
		t.Errorf("%+v", r)
	}
}
