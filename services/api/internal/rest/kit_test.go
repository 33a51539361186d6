package rest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/directory"
	"fxcore/services/api/internal/rest"
	"fxcore/services/api/internal/steps"
	"fxcore/services/api/internal/store"
	"fxcore/services/api/internal/stream"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/fxdate"
	"fxcore/services/contract/rights"
	"fxcore/services/market/feed"
	"fxcore/services/signin"
	"fxcore/services/web"
	"fxcore/services/web/outcome"
)

// The tokens of the tests.
const (
	trader    = "token-of-a-trader"
	other     = "token-of-a-trader-of-another-desk"
	operator  = "token-of-operations"
	system    = "token-of-a-system-of-a-client"
	narrow    = "token-of-a-trader-for-the-market-only"
	expired   = "token-that-has-expired"
	revoked   = "token-that-was-revoked"
	elsewhere = "token-for-another-audience"
	jobsOnly  = "token-of-operations-for-jobs-only"
)

// bench is the interface on a read model of its own.
type bench struct {
	t     *testing.T
	Pool  *pgxpool.Pool
	Model store.Model
	url   string

	handler http.Handler
	log     *slog.Logger      // the test's
	key     access.PrivateKey // auth's

	static *feed.Static     // empty
	bounds rest.Bounds      // none
	signin signin.Config    // no bounds
	known  rest.Clients     // C000900 and C000901, of desk FXS1
	clock  func() time.Time // the bank's
	real   func() time.Time
	ahead  bool // whether days may be run ahead

	mu        sync.Mutex
	published []event.Event
	away      error
	stuck     web.Publish       // instead of publish
	onLook    func(hash string) // is called while a token is looked up
	onPublish func(event.Event)
	onAsk     func(event.Event) (event.Event, error) // answers questions
}

// held are the tokens of the read model.
type held struct {
	signin.Store

	b *bench
}

func (h held) Token(ctx context.Context, hash string) (signin.Token, error) {
	if h.b.onLook != nil {
		h.b.onLook(hash)
	}
	return h.Store.Token(ctx, hash)
}

// clients are those of a bank.
type clients []directory.Client

func (c clients) Clients() ([]directory.Client, bool) { return c, c != nil }

func setUp(t *testing.T, with ...func(*testing.T, *bench)) *bench {
	t.Helper()
	b := &bench{t: t, Pool: postgrestest.Schema(t, inbox.Migrations, store.Migrations, signin.Migrations)}
	b.Model = store.Model{Pool: b.Pool}
	b.log = testkit.Log(t)
	b.tokens()
	b.static, b.clock, b.real, b.known = feed.Open(nil, time.Hour), time.Now, time.Now, clients{{ID: "C000900", Desk: "FXS1"}, {ID: "C000901", Desk: "FXS1"}}
	for _, add := range with {
		add(t, b)
	}
	var err error
	if b.key, err = access.NewKey(); err != nil {
		t.Fatal(err)
	}
	hub := stream.New(b.Model, b.clock, testkit.Log(t))
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	outcomes := outcome.New(b.Model, testkit.Log(t))
	running.Go(func() { _ = hub.Run(ctx) })
	running.Go(func() { _ = outcomes.Run(ctx) })
	logins := outcome.New(signin.Store{Pool: b.Pool}, testkit.Log(t))
	running.Go(func() { _ = logins.Run(ctx) })
	b.signin.Audience = "api"
	now := func() time.Time { return b.clock() }
	machine := func() time.Time { return b.real() }
	b.handler = rest.New(rest.Core{
		Model: b.Model, Publish: b.publish, Watch: outcomes, Events: hub, Ask: b, Bounds: b.bounds, Clock: now, Real: machine,
		SignIn: signin.New(signin.Parts{
			Config: b.signin, Auth: signin.Auth{Key: b.key.Public()}, Tokens: held{signin.Store{Pool: b.Pool}, b}, Watch: logins, Publish: b.publish,
			Clock: now, Real: machine, Log: b.log,
		}),
		Static: b.static, Clients: b.known, Rollover: fxdate.NewRollover(), Log: b.log, MayRunAhead: b.ahead,
	})
	server := httptest.NewServer(b.handler)
	b.url = server.URL
	t.Cleanup(func() { server.CloseClientConnections(); server.Close(); stop(); running.Wait() })
	return b
}

func (b *bench) tokens() {
	b.t.Helper()
	now := time.Now().UTC()
	dealer := access.Issued{User: "U0001", Desk: "FXS1", Audience: "api", Roles: []string{"trader"}, IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
	add := func(token string, change func(*access.Issued)) {
		i := dealer
		i.TokenHash = access.HashOf(token)
		for _, a := range rights.Actions() {
			i.Scope = append(i.Scope, string(a))
		}
		change(&i)
		b.told(contract.TokenIssued, i.TokenHash, i)
	}
	add(trader, func(*access.Issued) {})
	add(other, func(i *access.Issued) { i.User, i.Desk = "U0002", "FXS2" })
	add(operator, func(i *access.Issued) { i.User, i.Desk, i.Roles = "U0003", "", []string{"operations"} })
	add(system, func(i *access.Issued) { i.User, i.Desk, i.Roles, i.Client = "U0019", "", []string{"system"}, "C000900" })
	add(narrow, func(i *access.Issued) { i.Scope = []string{"market.view"} })
	add(jobsOnly, func(i *access.Issued) {
		i.User, i.Desk, i.Roles, i.Scope = "U0003", "", []string{"operations"}, []string{string(rights.CommandJob)}
	})
	add(expired, func(i *access.Issued) { i.ExpiresAt = now.Add(-time.Second) })
	add(revoked, func(*access.Issued) {})
	b.told(contract.TokenRevoked, revoked, access.Revoked{TokenHash: access.HashOf(revoked), By: "U0013", Reason: "lost", RevokedAt: now})
	add(elsewhere, func(i *access.Issued) { i.Audience = "workstation" })
}

// told hands a message of auth to the read model.
func (b *bench) told(typ event.Type, about string, data any) {
	b.t.Helper()
	b.handle(signin.Steps().Handler(b.Pool, "api/test", testkit.Log(b.t)), typ, about, data)
}

func (b *bench) publish(ctx context.Context, events ...event.Event) error {
	if b.stuck != nil {
		return b.stuck(ctx, events...)
	}
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

// hear hands a message about a trade to the read model.
func (b *bench) hear(typ event.Type, trade string, data any) {
	b.t.Helper()
	b.handleAs("", typ, trade, data)
}

// handleAs hands the read model one of several messages of a type about a trade.
func (b *bench) handleAs(name string, typ event.Type, trade string, data any) {
	b.t.Helper()
	b.handleEvent(steps.Facts().Handler(b.Pool, "api/test", testkit.Log(b.t)), name, typ, trade, data)
}

func (b *bench) handle(h amqp.Handler, typ event.Type, about string, data any) {
	b.t.Helper()
	b.handleEvent(h, "", typ, about, data)
}

func (b *bench) handleEvent(h amqp.Handler, name string, typ event.Type, about string, data any) {
	b.t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, typ.Name, about, name), contract.API, about, data)
	if err != nil {
		b.t.Error(err)
	}
	for _, r := range h.Handle(context.Background(), []event.Event{e}) {
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
		"validated":  blotter.Validated{TradeDate: "2026-11-24", Pair: "EUR/USD", Product: "spot", Legs: []blotter.ValidatedLeg{{Base: "EUR", BaseAmount: "1000", Quote: "USD", QuoteAmount: "1117.5", BaseSide: "buy"}}},
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
		Status  int
		Code    string
		TraceID string `json:"trace_id"`
	}
	if err := json.Unmarshal(a.Body, &p); err != nil {
		t.Fatalf("%d %s: %v", a.Status, a.Body, err)
	}
	if p.TraceID == "" || p.TraceID != a.Header.Get("Trace-Id") {
		t.Errorf("%s: trace %q, and %q in the header", a.Body, p.TraceID, a.Header.Get("Trace-Id"))
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

// given returns the command that auth gives for the published request with a number. Only the token of its caller is sealed in it.
func (b *bench) given(number int) event.Event {
	b.t.Helper()
	request := b.published[number]
	var asked access.Command
	if err := request.Read(&asked); err != nil || request.Type != contract.CommandRequested {
		b.t.Fatalf("%s: %v", request.Type, err)
	}
	if ticket, err := b.key.OpenTicket(request, asked); err != nil || ticket.Token != operator && ticket.Token != jobsOnly {
		b.t.Fatalf("the ticket is of %q: %v", ticket.Token, err)
	}
	given, err := request.Next(event.Type{Name: asked.Type, Version: 1}, json.RawMessage(asked.Data))
	if err != nil {
		b.t.Fatal(err)
	}
	return given
}
