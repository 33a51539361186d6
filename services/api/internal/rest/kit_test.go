package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/access"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/rest"
	"fxcore/services/api/internal/steps"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
)

// The tokens of the tests.
const (
	trader    = "token-of-a-trader"
	other     = "token-of-a-trader-of-another-desk"
	operator  = "token-of-operations"
	nobody    = "token-without-a-role"
	expired   = "token-that-has-expired"
	revoked   = "token-that-was-revoked"
	elsewhere = "token-for-another-audience"
)

// bench is the interface on a read model of its own.
type bench struct {
	t     *testing.T
	Pool  *pgxpool.Pool
	Model store.Model
	url   string

	mu        sync.Mutex
	published []event.Event
	away      error
	onPublish func(event.Event)
}

func setUp(t *testing.T) *bench {
	t.Helper()
	b := &bench{t: t, Pool: postgrestest.Schema(t, inbox.Migrations, store.Migrations)}
	b.Model = store.Model{Pool: b.Pool}
	b.tokens()
	hub := stream.New(b.Model, time.Now, testkit.Log(t))
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = hub.Run(ctx) })
	server := httptest.NewServer(rest.New(rest.Core{
		Model: b.Model, Tokens: b.Model, Publish: b.publish, Watch: hub, Events: hub,
		Clock: time.Now, Rollover: fxdate.NewRollover(), Log: testkit.Log(t),
	}))
	b.url = server.URL
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); stop(); running.Wait() })
	return b
}

func (b *bench) tokens() {
	b.t.Helper()
	add := func(token, user, desk, audience string, roles []string, expires time.Duration, revoked bool) {
		_, err := b.Pool.Exec(b.t.Context(), `insert into token (hash, username, desk, roles, system, audience, expires_at, revoked)
			values ($1, $2, $3, $4, '', $5, $6, $7)`, access.Hash(token), user, desk, roles, audience, time.Now().Add(expires), revoked)
		if err != nil {
			b.t.Fatal(err)
		}
	}
	dealer := []string{access.Trader}
	add(trader, "U0001", "FXS1", access.Audience, dealer, time.Hour, false)
	add(other, "U0002", "FXS2", access.Audience, dealer, time.Hour, false)
	add(operator, "U0003", "", access.Audience, []string{access.Operations}, time.Hour, false)
	add(nobody, "U0004", "FXS1", access.Audience, []string{}, time.Hour, false)
	add(expired, "U0001", "FXS1", access.Audience, dealer, -time.Second, false)
	add(revoked, "U0001", "FXS1", access.Audience, dealer, time.Hour, true)
	add(elsewhere, "U0001", "FXS1", "another", dealer, time.Hour, false)
}

func (b *bench) publish(_ context.Context, events ...event.Event) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.away != nil {
		return b.away
	}
	b.published = append(b.published, events...)
	for _, e := range events {
		if b.onPublish != nil {
			b.onPublish(e)
		}
	}
	return nil
}

// hear hands a message to the read model.
func (b *bench) hear(typ event.Type, trade string, data any) {
	b.t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, trade), "api", trade, data)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range steps.Facts().Handler(b.Pool, "api/test", testkit.Log(b.t)).Handle(context.Background(), []event.Event{e}) {
		if r.Err != nil {
			b.t.Error(r.Err)
		}
	}
}

// register hears that a trade of a desk is done.
func (b *bench) register(trade, desk string) {
	b.t.Helper()
	b.hear(contract.TradeRegistered, trade, map[string]any{
		"request":    blotter.Request{TradeID: trade, Provider: "API", TradeDate: "2026-11-24", Client: "C000900", Product: "spot", Pair: "EUR/USD", Currency: "EUR"},
		"authorized": blotter.Terms{Desk: desk},
		"validated":  blotter.Validated{TradeDate: "2026-11-24", Pair: "EUR/USD", Product: "spot", Legs: []blotter.ValidatedLeg{{Base: "EUR", Quote: "USD", BaseSide: "buy"}}},
		"registered": blotter.Registration{TradeID: trade, Version: 1},
	})
}

func id(name string) string { return event.NewID(testkit.Day, "trade", name) }

// answer is what the interface answered.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// call sends a request. headers are name, value, name, value …
func (b *bench) call(method, path, token string, body any, headers ...string) answer {
	b.t.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			b.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, content)
	if err != nil {
		b.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, text}
}

// is fails the test unless the answer is a problem with the status and the code.
func (a answer) is(t *testing.T, status int, code string) {
	t.Helper()
	var p struct {
		Status int
		Code   string
	}
	if err := json.Unmarshal(a.Body, &p); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	if a.Status != status || p.Status != status || p.Code != code || !strings.HasPrefix(a.Header.Get("Content-Type"), "application/problem+json") {
		t.Errorf("%d %s %s, want %d %s", a.Status, a.Header.Get("Content-Type"), a.Body, status, code)
	}
}

// read decodes an answer with a status.
func read[T any](t *testing.T, a answer, status int) (body T) {
	t.Helper()
	if a.Status != status {
		t.Fatalf("%d %s, want %d", a.Status, a.Body, status)
	}
	if err := json.Unmarshal(a.Body, &body); err != nil {
		t.Fatal(err)
	}
	return body
}
