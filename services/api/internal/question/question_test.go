package question_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/messages"
	"fxcore/services/api/internal/question"
	"fxcore/services/api/internal/steps"
	"fxcore/services/contract"
)

func asked(t *testing.T, name string) event.Event {
	t.Helper()
	e, err := messages.Question(contract.LinesRequested, name, map[string]any{"name": name}, time.Now(), time.Minute)
	if err != nil {
		t.Error(err)
	}
	return e
}

// answers returns what linecheck answers: a section beside the question.
func answers(t *testing.T, e event.Event) event.Event {
	t.Helper()
	a, err := contract.Next(e, contract.LinesDelivered, "answer", map[string]any{})
	if err != nil {
		t.Error(err)
	}
	return a[0]
}

func nameIn(e event.Event) string {
	var data struct{ Name string }
	_ = json.Unmarshal(e.Data, &data)
	return data.Name
}

func TestWhoGetsNoAnswerIsToldSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := question.New(func(context.Context, ...event.Event) error { return nil })
		begun := time.Now()
		if _, err := d.Ask(t.Context(), asked(t, "1")); !errors.Is(err, question.ErrUnanswered) || time.Since(begun) != question.Patience {
			t.Errorf("%v after %v", err, time.Since(begun))
		}
		away := errors.New("away")
		d = question.New(func(context.Context, ...event.Event) error { return away })
		if _, err := d.Ask(t.Context(), asked(t, "1")); !errors.Is(err, away) {
			t.Error(err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := question.New(func(context.Context, ...event.Event) error { return nil }).Ask(gone, asked(t, "1")); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

// Two answers to one question, and one for which nobody waits, block nobody.
func TestASecondAnswerIsDropped(t *testing.T) {
	t.Parallel()
	var d *question.Desk
	d = question.New(func(ctx context.Context, e ...event.Event) error {
		a := answers(t, e[0])
		stray := answers(t, asked(t, "stray"))
		return d.Read(ctx, []amqp.Entry{{Events: []event.Event{stray, a, a}}, {Events: []event.Event{a}}})
	})
	got, err := d.Ask(t.Context(), asked(t, "1"))
	if err != nil || got.Type != contract.LinesDelivered {
		t.Errorf("%v, %v", got, err)
	}
}

// Two replicas ask at once by a real broker. Each caller gets the answer to the own question, whichever replica asked.
func TestEachReplicaGetsItsOwnAnswers(t *testing.T) {
	cfg := amqp.Config{URL: testkit.AMQP(t)}
	topology := steps.Topology()
	lines := amqp.Topology{
		Service:   "lines",
		Queues:    []amqp.Queue{{Name: "questions", Bindings: contract.Bindings(contract.LinesRequested)}},
		Publishes: []amqp.Publication{{Exchange: contract.LineExchange, Type: contract.LinesDelivered}},
	}
	amqptest.Serve(t, cfg, lines, amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		for i, e := range events {
			results[i].Emit = []event.Event{answers(t, e)}
		}
		return results
	}))
	var asking sync.WaitGroup
	for replica := range 2 {
		bus := amqptest.Open(t, cfg, topology)
		d := question.New(bus.Publish)
		ctx, stop := context.WithCancel(context.Background())
		var reading sync.WaitGroup
		reading.Go(func() { _ = bus.Follow(ctx, steps.AnswersStream, amqp.Last, d.Read) })
		t.Cleanup(func() { stop(); reading.Wait() })
		testkit.Eventually(t, "the replica to hear answers", time.Minute, func() error {
			_, err := d.Ask(t.Context(), asked(t, fmt.Sprint("first of ", replica, time.Now())))
			return err
		})
		for i := range 20 {
			asking.Go(func() {
				name := fmt.Sprint(replica, " ", i)
				if got, err := d.Ask(t.Context(), asked(t, name)); err != nil || nameIn(got) != name {
					t.Errorf("%s: %s, %v", name, got.Data, err)
				}
			})
		}
	}
	asking.Wait()
}
