package intake_test

import (
	"context"
	"errors"
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
	l := &intake.Lines{Store: s, Log: testkit.Log(t), Count: func(n int) { stored += n }}
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
	again := intake.Read(posts[1])
	if again[0].ID != s.lines[2].ID {
		t.Error("a post without an id has other ids when it comes again")
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
