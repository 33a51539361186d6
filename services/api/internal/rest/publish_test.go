package rest_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/event"
)

// While the broker is away, every request that needs it is answered.
func TestWhileTheBrokerIsAwayRequestsAreAnswered(t *testing.T) {
	b := setUp(t)
	b.stuck = func(ctx context.Context, _ ...event.Event) error {
		select {
		case <-ctx.Done():
		case <-time.After(time.Minute):
			t.Error("a message waits without an end")
		}
		return context.DeadlineExceeded
	}
	var callers sync.WaitGroup
	for _, c := range []struct {
		method, path, token string
		body                map[string]any
	}{
		{http.MethodPost, "/v1/trades", trader, spot()},
		{http.MethodPost, "/v1/linechecks", trader, reservation()},
		{http.MethodPost, "/v1/token-revocations", operator, map[string]any{"user": "U0001", "reason": "gone"}},
		{http.MethodPost, "/v1/job-commands", operator, map[string]any{"job": "execute", "action": "start", "reason": "late"}},
		{http.MethodPost, "/v1/tokens", "", map[string]any{"grant": "password", "user": "U0001", "password": "secret", "code": "123456"}},
		{http.MethodDelete, "/v1/tokens/current", trader, nil},
	} {
		callers.Go(func() {
			var body any
			if c.body != nil {
				body = c.body
			}
			b.call(c.method, c.path, c.token, body, "Idempotency-Key", "key-"+c.path[4:8]).is(t, http.StatusServiceUnavailable, "unavailable")
		})
	}
	callers.Wait()
}
