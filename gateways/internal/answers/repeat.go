package answers

import (
	"context"
	"fmt"
	"strings"

	"fxcore/gateways/internal/store"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
)

// A repeat that comes before the final answer waits for it in the store. So the broker need not keep it, and the next holder of
// the session answers it if this one fails. In memory the teller only knows which final answers are awaited.

func isRepeated(e event.Event) bool {
	_, what, _ := strings.Cut(e.Type.Name, ".")
	return what == "repeated"
}

// repeat returns the final answer that the provider already has, once more. If there is none yet, it returns no cause, and the
// repeat waits for the final answer in the store.
func (t *Teller[M]) repeat(ctx context.Context, e event.Event) (msg M, cause *store.Cause, err error) {
	given, err := t.given(ctx, e.Correlation)
	if err != nil {
		return msg, nil, later(err)
	}
	if given == nil {
		return msg, nil, t.wait(ctx, e)
	}
	msg, err = t.Dialect.Again(*given, e)
	if msg, cause, err = t.caused(e, msg, err, ""); cause != nil {
		cause.Repeat = true
	}
	return msg, cause, err
}

// clash returns the rejection of a request whose reference was used before for another one.
func (t *Teller[M]) clash(ctx context.Context, e event.Event) (msg M, cause *store.Cause, err error) {
	standing, err := t.given(ctx, e.Correlation)
	if err != nil {
		return msg, nil, later(err)
	}
	msg, err = t.Dialect.Clash(e, standing)
	return t.caused(e, msg, err, "")
}

// given returns the final answer that the provider has; nil if it has none. It waits while Postgres is away.
func (t *Teller[M]) given(ctx context.Context, correlation string) (*store.Answer, error) {
	var found map[string]store.Answer
	err := t.until(ctx, func() (err error) {
		found, err = t.Kept.Answers(ctx, []string{correlation})
		return err
	})
	if given, exists := found[correlation]; exists {
		return &given, err
	}
	return nil, err
}

// wait stores a repeat that waits. It waits itself while Postgres is away.
func (t *Teller[M]) wait(ctx context.Context, e event.Event) error {
	if err := (&store.Cause{Event: e.ID, Correlation: e.Correlation}).Check(); err != nil {
		return fmt.Errorf("answer %s: %w", e.Type, err)
	}
	if err := t.until(ctx, func() error { return t.Repeats.Keep(ctx, e) }); err != nil {
		return later(err)
	}
	t.awaited[e.Correlation] = true
	return nil
}

// Resume takes up the repeats that waited when the last holder of the session ended, and answers those whose final answer it had
// sent. Call it before the first Handle. It waits while Postgres is away. Errors: ErrFenced, ctx's.
func (t *Teller[M]) Resume(ctx context.Context) error {
	var given map[string]store.Answer
	err := t.until(ctx, func() error {
		awaited, err := t.Repeats.Open(ctx)
		for _, correlation := range awaited {
			t.awaited[correlation] = true
		}
		if err == nil {
			given, err = t.Kept.Answers(ctx, awaited)
		}
		return err
	})
	if err != nil {
		return err
	}
	for correlation := range given {
		if _, err := t.answerRepeats(ctx, correlation); err != nil {
			return err
		}
	}
	return nil
}

// answerRepeats answers the repeats that wait for a final answer that was sent. It returns the causes of their answers. Errors:
// ErrFenced, ctx's.
func (t *Teller[M]) answerRepeats(ctx context.Context, correlation string) (causes []*store.Cause, err error) {
	if !t.awaited[correlation] {
		return nil, nil
	}
	var waiting []event.Event
	err = t.until(ctx, func() (err error) {
		waiting, err = t.Repeats.Of(ctx, correlation)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, e := range waiting {
		cause, err := t.answer(ctx, e)
		switch {
		case cause != nil:
			causes = append(causes, cause)
		case err != nil && t.over(ctx, err):
			return nil, err
		case err != nil:
			t.Log.Warn("repeated request not answered", log.About(e), "error", err)
		}
	}
	delete(t.awaited, correlation)
	return causes, nil
}
