package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/signin"
	"fxcore/services/web"
	"fxcore/services/web/webtest"
)

// ofATest returns the settings of a service on a broker, and the certificate with which it serves.
func ofATest(t *testing.T, on amqp.Config) (s settings, certificate string) {
	t.Helper()
	certificate, key := webtest.SelfSigned(t)
	return settings{
		Base: program.Base("test"), AMQP: on, Postgres: program.OwnPostgres(t), Addr: "127.0.0.1:0",
		Web: web.Config{Addr: "127.0.0.1:0", Certificate: certificate, Key: key}, SignIn: signin.Config{Audience: "api"},
		Alive: time.Minute, Steady: time.Millisecond, AtOnce: 2, Bound: time.Minute, Attempts: 3, Retention: 100 * time.Hour, History: 100 * time.Hour,
	}, certificate
}

// person is somebody with a token at the service.
type person struct {
	client *http.Client
	base   string
	token  string
}

// ask returns the status and the body of an answer.
func (p person) ask(t *testing.T, method, path, body string) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, p.base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+p.token)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := p.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

// expects asks until the answer has a status and a text.
func (p person) expects(t *testing.T, request string, status int, text string) {
	t.Helper()
	parts := strings.SplitN(request+"  ", " ", 3)
	testkit.Eventually(t, request, 30*time.Second, func() error {
		got, body := p.ask(t, parts[0], parts[1], strings.TrimSpace(parts[2]))
		if got != status || !strings.Contains(body, text) {
			return fmt.Errorf("%d %s", got, body)
		}
		return nil
	})
}

// On-call sees who serves whom and moves it, by HTTPS with a token of auth; without the right nothing is seen. The history says who it was.
func TestOnCallCommandsByHTTPS(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnBroker(t)
	g := startGateways(t, on)
	with, certificate := ofATest(t, on)
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	with.Auth = signin.Auth{Key: key.Public()}
	gives(t, on, key)
	app, server := service(with)
	stop := program.Start(t, 30*time.Second, app)
	peer := program.Meet(t, on.URL, amqp.Topology{Service: "others", Publishes: []amqp.Publication{{Exchange: contract.AccessExchange, Type: contract.TokenIssued}}})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM([]byte(certificate))
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}}
	as := func(token, role string, scope ...string) person {
		peer.Tell(t, issued(t, token, role, scope...))
		return person{client, "https://" + server.Addr(), token}
	}
	onCall := as("fxt_1", "operations", string(rights.ViewOperations), string(rights.CommandOperations))
	trader := as("fxt_2", "trader", string(rights.ViewOperations))

	onCall.expects(t, "GET /v1/sessions", http.StatusOK, `"provider":"ALPHA","gateway":"fix","instance":"fix/1"`)
	trader.expects(t, "GET /v1/sessions", http.StatusForbidden, `"code":"no_right"`)
	onCall.expects(t, `POST /v1/sessions/ALPHA/moves {"to":"fix-9","reason":"a test"}`, http.StatusConflict, `"code":"command_refused"`)
	onCall.expects(t, `POST /v1/sessions/ALPHA/moves {"to":"fix-2"}`, http.StatusUnprocessableEntity, "reason")
	onCall.expects(t, `POST /v1/sessions/ALPHA/moves {"to":"fix-2","reason":"a test"}`, http.StatusAccepted, `"taken":true`)
	testkit.Eventually(t, "ALPHA at the other instance", 20*time.Second, func() error { return at(g, "fix/2") })
	onCall.expects(t, "GET /v1/sessions/ALPHA/history", http.StatusOK, `"what":"command move","text":"a test","by":"U0013"`)
	onCall.expects(t, `POST /v1/drains {"instance":"fix/2","reason":"an update"}`, http.StatusAccepted, `"taken":true`)
	testkit.Eventually(t, "ALPHA away from what drains", 20*time.Second, func() error { return at(g, "fix/1") })
	onCall.expects(t, "DELETE /v1/drains/fix-2?reason=done", http.StatusAccepted, `"taken":true`)
	client.CloseIdleConnections()
	stop()
}

// gives stands for auth: it gives what is asked for, in the name of U0013.
func gives(t *testing.T, on amqp.Config, key access.PrivateKey) {
	t.Helper()
	amqptest.Serve(t, on, amqp.Topology{
		Service: "auth", Queues: []amqp.Queue{{Name: "auth.tokens", Bindings: contract.Bindings(contract.CommandRequested)}},
		Publishes: []amqp.Publication{{Exchange: contract.OpsExchange, Type: contract.FailoverCommanded}},
	}, amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		results := make([]amqp.Result, len(events))
		for i, e := range events {
			var asked access.Command
			err := e.Read(&asked)
			if ticket, refused := key.OpenTicket(e, asked); err == nil && (refused != nil || ticket.Token != "fxt_1") {
				err = fmt.Errorf("the ticket is of %q: %w", ticket.Token, refused)
			}
			if err != nil {
				t.Error(err)
				continue
			}
			given, err := e.Next(contract.FailoverCommanded, json.RawMessage(asked.Data))
			results[i] = amqp.Result{Emit: []event.Event{given}, Err: err}
		}
		return results
	}))
}

func issued(t *testing.T, token, role string, scope ...string) event.Event {
	t.Helper()
	now := time.Now().UTC()
	e, err := event.New(contract.TokenIssued, event.NewID(testkit.Day, token), contract.API, token, access.Issued{
		TokenHash: access.HashOf(token), User: "U0013", Roles: []string{role}, Audience: "api", Scope: scope, IssuedAt: now, ExpiresAt: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}
