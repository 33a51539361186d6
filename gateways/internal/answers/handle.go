package answers

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"fxcore/gateways/internal/store"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract/reason"
)

// Handle sends the provider the final answers to its requests. An event is handled when its answer is durable. From then on
// the provider gets the answer, now or when it asks for missing messages. While Postgres is away Handle waits and does not
// fail, so that the answers stay in order.
func (t *Teller[M]) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	told, err := t.told(ctx, events)
	if err != nil {
		return failed(results, err)
	}
	var causes []*store.Cause
	redelivered := len(told) > 0
	for i, e := range events {
		if told[e.ID] {
			continue
		}
		told[e.ID] = true
		cause, err := t.answer(ctx, e)
		if results[i].Err = err; cause == nil {
			continue
		}
		causes = append(causes, cause)
		again, err := t.answerRepeats(ctx, cause.Correlation)
		if err != nil {
			return failed(results, err)
		}
		for _, repeat := range again {
			told[repeat.Event] = true // it may stand later in the batch, delivered again
		}
		causes = append(causes, again...)
	}
	wait := func() error { return t.Durable.Wait(ctx, causes) }
	if redelivered { // the answer may only be in memory yet
		wait = func() error { return t.Durable.WaitAll(ctx) }
	}
	if err := wait(); err != nil {
		return failed(results, err)
	}
	return results
}

// failed marks all events of a batch to be delivered again, for a fault that concerns no single event.
func failed(results []amqp.Result, err error) []amqp.Result {
	for i := range results {
		results[i].Err = later(err)
	}
	return results
}

// later marks an error with which an event must be delivered again. An instance that has lost the session leaves the event to
// the next one: however often a session changes its holder, its answers do not go to the error queue.
func later(err error) error {
	if errors.Is(err, store.ErrFenced) {
		return amqp.Release(err)
	}
	return amqp.Retry(err)
}

// told returns the events that the provider has been told. It waits while Postgres is away.
func (t *Teller[M]) told(ctx context.Context, events []event.Event) (map[string]bool, error) {
	ids := make([]string, len(events))
	for i, e := range events {
		ids[i] = e.ID
	}
	var found map[string]bool
	err := t.until(ctx, func() (err error) {
		found, err = t.Kept.Answered(ctx, ids)
		return err
	})
	return found, err
}

// until calls try until it succeeds, ctx ends, or another instance holds the session (ErrFenced).
func (t *Teller[M]) until(ctx context.Context, try func() error) error {
	for said := false; ; said = true {
		err := try()
		if err == nil || t.over(ctx, err) {
			return err
		}
		if !said {
			t.Log.Warn("answers wait", "error", err)
		}
		pause(ctx, again)
	}
}

// over reports whether an error means that this holder of the session has ended: no answer can be sent any more.
func (t *Teller[M]) over(ctx context.Context, err error) bool {
	return ctx.Err() != nil || errors.Is(err, store.ErrFenced)
}

// answer sends the answer to one event. It returns the cause whose message must become durable; nil if there is nothing to
// send. An error concerns this event alone. It is final unless it is marked by amqp.Retry.
func (t *Teller[M]) answer(ctx context.Context, e event.Event) (*store.Cause, error) {
	msg, cause, err := t.message(ctx, e)
	if err != nil || cause == nil {
		return nil, err
	}
	if err := cause.Check(); err != nil {
		return nil, fmt.Errorf("answer %s: %w", e.Type, err)
	}
	err = t.until(ctx, func() error { return t.send(ctx, e, msg, cause) })
	if err != nil {
		return nil, later(err)
	}
	return cause, nil
}

func (t *Teller[M]) send(ctx context.Context, e event.Event, msg M, cause *store.Cause) error {
	t.order.Lock()
	defer t.order.Unlock()
	if err := t.precede(ctx, e.Correlation); err != nil {
		return err
	}
	if err := t.introduce(e, cause); err != nil {
		return err
	}
	return t.Engine.Send(msg, cause)
}

// message returns the answer to an event and its cause. The cause is nil if there is nothing to answer.
func (t *Teller[M]) message(ctx context.Context, e event.Event) (msg M, cause *store.Cause, err error) {
	if isRepeated(e) {
		return t.repeat(ctx, e)
	}
	if aboutTheRepeat(e) {
		return t.clash(ctx, e)
	}
	msg, err = t.Dialect.FromEvent(e)
	if errors.Is(err, story.ErrElsewhere) {
		return msg, nil, t.elsewhere(ctx, e)
	}
	return t.caused(e, msg, err, e.Correlation)
}

// elsewhere handles the final event of a request that another gateway answers: no repeat waits for it here.
func (t *Teller[M]) elsewhere(ctx context.Context, e event.Event) error {
	if !t.awaited[e.Correlation] {
		return nil
	}
	if err := t.until(ctx, func() error { return t.Repeats.Drop(ctx, e.Correlation) }); err != nil {
		return later(err)
	}
	delete(t.awaited, e.Correlation)
	return nil
}

// caused completes an answer. answers is the id of the trade or line check whose final answer it is; empty if it is none.
func (t *Teller[M]) caused(e event.Event, msg M, err error, answers string) (M, *store.Cause, error) {
	if errors.Is(err, story.ErrElsewhere) {
		return msg, nil, nil
	}
	if err != nil {
		return msg, nil, fmt.Errorf("answer %s: %w", e.Type, err)
	}
	return msg, &store.Cause{Event: e.ID, Correlation: answers, About: e.Correlation}, nil
}

// aboutTheRepeat reports whether a rejection only says that the reference was used before for another request. Such a
// rejection has the trade's id, but it is not the trade's final answer.
func aboutTheRepeat(e event.Event) bool {
	if !strings.HasSuffix(e.Type.Name, ".rejected") {
		return false
	}
	var view struct {
		Rejected struct {
			Code reason.Code `json:"code"`
		} `json:"rejected"`
	}
	return e.Read(&view) == nil && view.Rejected.Code == reason.Duplicate
}
