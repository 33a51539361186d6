package rest_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/rest"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/web"
)

// oneAtATime lets one of each kind be under way.
func oneAtATime(_ *testing.T, b *bench) {
	b.bounds, b.signin.Logins = rest.Bounds{WhatIfs: 1, Streams: 1, Waits: 1}, 1
}

// crowded asks in the background, and asks again once the first request has arrived: the second is refused, and works after the
// first has ended.
func (b *bench) crowded(first func(), arrived <-chan struct{}, end func(), again func() answer, done int) {
	b.t.Helper()
	ended := make(chan struct{})
	go func() { defer close(ended); first() }()
	<-arrived
	a := again()
	a.is(b.t, http.StatusTooManyRequests, "too_many_requests")
	if a.Header.Get("Retry-After") == "" {
		b.t.Error("no Retry-After")
	}
	end()
	<-ended
	testkit.Eventually(b.t, "the second to be let in", time.Minute, func() error {
		if a := again(); a.Status != done {
			return errorOf(a)
		}
		return nil
	})
}

func errorOf(a answer) error { return &web.Problem{Detail: string(a.Body)} }

func TestOneUserHasSoManyQuestionsUnderWay(t *testing.T) {
	b := setUp(t, oneAtATime)
	asked, ready := make(chan struct{}, 99), make(chan struct{})
	b.linecheck(func(map[string]any) {})
	answered := b.onAsk
	b.onAsk = func(e event.Event) (event.Event, error) { asked <- struct{}{}; <-ready; return answered(e) }
	ask := func() answer {
		return b.call(http.MethodPost, "/v1/what-ifs", trader, supposed(func(map[string]any) {}))
	}
	b.crowded(func() { ask() }, asked, func() { close(ready) }, ask, http.StatusOK)
}

func TestOneUserHasSoManyRequestsThatWait(t *testing.T) {
	b := setUp(t, oneAtATime)
	published := make(chan string, 99)
	b.onPublish = func(e event.Event) { published <- e.Correlation }
	first, id := make(chan struct{}), ""
	go func() { id = <-published; close(first) }()
	again := func() answer {
		return b.call(http.MethodPost, "/v1/trades", trader, spot(), "Idempotency-Key", "key-0002", "Prefer", "wait=1")
	}
	b.crowded(func() { ask(b, spot(), "Prefer", "wait=30") }, first, func() { b.register(id, "FXS1") }, again, http.StatusAccepted)
}

// All callers together have so many logins under way, because nobody has proven who it is yet.
func TestThereAreSoManyLogins(t *testing.T) {
	b := setUp(t, oneAtATime)
	hashes, first, hash := make(chan string, 99), make(chan struct{}), ""
	refuse := func(hash string) {
		b.told(contract.TokenRefused, hash, access.Refused{TokenHash: hash, User: "U0001", Code: "bad_credentials", Text: "why"})
	}
	b.onPublish = func(e event.Event) {
		var r access.Requested
		if err := e.Read(&r); err != nil {
			t.Error(err)
		}
		select {
		case <-first:
			go refuse(r.TokenHash)
		default:
			hashes <- r.TokenHash
		}
	}
	go func() { hash = <-hashes; close(first) }()
	again := func() answer { return b.call(http.MethodPost, "/v1/tokens", "", login()) }
	b.crowded(func() { again() }, first, func() { refuse(hash) }, again, http.StatusUnauthorized)
}

// Of all callers together, with whatever users, so many ask for a token in one second. What is beyond is not published.
func TestThereAreSoManyLoginsInASecond(t *testing.T) {
	now := time.Now()
	b := setUp(t, func(_ *testing.T, b *bench) { b.signin.LoginRate, b.real = 2, func() time.Time { return now } })
	b.auth(func(r access.Requested, _ access.Proof) (event.Type, any) {
		return contract.TokenRefused, access.Refused{TokenHash: r.TokenHash, User: r.User, Code: "bad_credentials", Text: "why"}
	})
	knock := func(user string) answer {
		return b.call(http.MethodPost, "/v1/tokens", "", map[string]any{"grant": "client_credentials", "user": user, "secret": "a guess"})
	}
	for _, user := range []string{"NOBODY1", "NOBODY2"} {
		knock(user).is(t, http.StatusUnauthorized, "bad_credentials")
	}
	a := knock("NOBODY3")
	a.is(t, http.StatusTooManyRequests, "too_many_requests")
	if a.Header.Get("Retry-After") != "1" || len(b.published) != 2 {
		t.Errorf("Retry-After %q, published %d", a.Header.Get("Retry-After"), len(b.published))
	}
	now = now.Add(time.Second)
	knock("NOBODY3").is(t, http.StatusUnauthorized, "bad_credentials")
}

func TestOneUserHasSoManyStreams(t *testing.T) {
	b := setUp(t, oneAtATime)
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	listen := func(ctx context.Context, token string) int {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.url+"/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = response.Body.Close() })
		return response.StatusCode
	}
	if got := listen(ctx, trader); got != http.StatusOK {
		t.Fatal(got)
	}
	b.call(http.MethodGet, "/v1/events", trader, nil).is(t, http.StatusTooManyRequests, "too_many_requests")
	if got := listen(t.Context(), other); got != http.StatusOK {
		t.Errorf("another user: %d", got)
	}
	leave()
	testkit.Eventually(t, "the stream to end", time.Minute, func() error {
		if got := listen(t.Context(), trader); got != http.StatusOK {
			return errorOf(answer{Status: got})
		}
		return nil
	})
}
