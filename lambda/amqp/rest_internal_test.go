package amqp

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

func TestAConsumerOfAQueueThatYieldsRestsForAsLongAsItWorked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := Open(Config{}, Topology{Queues: []Queue{{Name: "yields", Yields: true}, {Name: "hurries"}}}, "thing/1", slog.New(slog.DiscardHandler))
		rests := func(ctx, session context.Context, queue string, took time.Duration) time.Duration {
			began := time.Now()
			bus.rest(ctx, session, queue, took)
			return time.Since(began)
		}
		ended, end := context.WithCancel(t.Context())
		end()
		for _, test := range []struct {
			what         string
			ctx, session context.Context
			queue        string
			took, want   time.Duration
		}{
			{"a short batch", t.Context(), t.Context(), "yields", 30 * time.Millisecond, 30 * time.Millisecond},
			{"a long batch", t.Context(), t.Context(), "yields", time.Minute, longestRest},
			{"another queue", t.Context(), t.Context(), "hurries", time.Minute, 0},
			{"a program that ends", ended, t.Context(), "yields", time.Minute, 0},
			{"a lost connection", t.Context(), ended, "yields", time.Minute, 0},
		} {
			if got := rests(test.ctx, test.session, test.queue, test.took); got != test.want {
				t.Errorf("%s: rests %s, want %s", test.what, got, test.want)
			}
		}
	})
}
