package serve_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/monitoring/internal/failed/store"
	"fxcore/services/monitoring/internal/serve"
	"fxcore/services/signin"
	"fxcore/services/web"
	"fxcore/services/web/webtest"
)

// The test runs the interface in two whole programs on real servers. auth issues a token, a service gives up a message, and on-call sees it at both.
// Nothing is left behind.
func TestOnCallSeesWhatFailedAtEachReplica(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	certificate, key := webtest.SelfSigned(t)
	var apps []*run.App
	var servers []*web.Server
	for n := range 2 {
		app := run.New("monitoring", program.Base(fmt.Sprint("test", n)))
		bus := app.Bus(on.AMQP, serve.Topology(amqp.Topology{Service: "monitoring"}))
		db := app.Postgres(on.Postgres, "monitoring", inbox.Migrations, store.Migrations, signin.Migrations)
		servers = append(servers, serve.Open(app, serve.Config{
			Web: web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key}, SignIn: signin.Config{Audience: "api"}, Kept: time.Hour,
		}, serve.Parts{Bus: bus, DB: db, Inbox: app.Inbox(bus, db, on.Inbox), Bank: time.Now}))
		apps = append(apps, app)
	}
	stop := program.Start(t, time.Minute, apps...)
	amqptest.Serve(t, on.AMQP, trading, amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		for i := range results {
			results[i].Err = errors.New("the calendar is wrong")
		}
		return results
	}))
	peer := program.Meet(t, on.AMQP.URL, others)
	peer.Tell(t, tokenOf(t, "fxt_operations"))
	peer.Tell(t, requested(t))
	client := trusting(t, certificate)
	for _, server := range servers {
		testkit.Eventually(t, "the entry at "+server.Addr(), time.Minute, func() error {
			body, err := get(t, client, "https://"+server.Addr()+"/v1/errors?state=open")
			if err != nil {
				return err
			}
			var list struct {
				Items []struct{ Queue, Reason string }
				Total int
			}
			if err := json.Unmarshal(body, &list); err != nil || list.Total != 1 || list.Items[0].Queue != "trading" {
				return fmt.Errorf("%s: %w", body, err)
			}
			return nil
		})
	}
	client.CloseIdleConnections()
	stop()
}

var trading = amqp.Topology{
	Service: "trading", Queues: []amqp.Queue{{Name: "trading", Purpose: "test", Bindings: contract.Bindings(contract.TradeRequested)}},
}

// others publish what monitoring reads and what trading gives up.
var others = amqp.Topology{Service: "others", Publishes: []amqp.Publication{
	{Exchange: contract.AccessExchange, Type: contract.TokenIssued}, {Exchange: contract.TradeExchange, Type: contract.TradeRequested},
}}

func tokenOf(t *testing.T, token string) event.Event {
	t.Helper()
	now := time.Now().UTC()
	e, err := event.New(contract.TokenIssued, event.NewID(testkit.Day, token), contract.API, "token", access.Issued{
		TokenHash: access.HashOf(token), User: "U0013", Roles: []string{"operations"}, Audience: "api", Scope: []string{string(rights.ViewErrors)},
		IssuedAt: now, ExpiresAt: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func requested(t *testing.T) event.Event {
	t.Helper()
	e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, "message"), "alpha", event.NewID(testkit.Day, "trade"), json.RawMessage(`{"request":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func get(t *testing.T, client *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer fxt_operations")
	response, err := client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%d %s", response.StatusCode, body)
	}
	return body, err
}

func trusting(t *testing.T, certificate string) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(certificate))
	return &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true}}
}
