package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/internal/absence"
	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// ends are the ends of sessions that the gateway has published.
type ends struct {
	t  *testing.T
	mu sync.Mutex
	by map[string][]absence.Data // by provider, each event once
	id map[string]bool
}

func hearEnds(t *testing.T, broker string) *ends {
	t.Helper()
	h := &ends{t: t, by: map[string][]absence.Data{}, id: map[string]bool{}}
	amqptest.Serve(t, amqp.Config{URL: broker}, amqp.Topology{
		Service: "ends", Queues: []amqp.Queue{{Name: "ends", Bindings: contract.Bindings(contract.SessionEnded)}},
	}, h)
	return h
}

func (h *ends) Handle(_ context.Context, events []event.Event) []amqp.Result {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, e := range events {
		var d absence.Data
		if err := e.Read(&d); err != nil || e.Key() != "session.ended."+strings.ToLower(d.Provider) || e.Source == "" {
			h.t.Errorf("%+v: %v", e, err)
		}
		if !h.id[e.ID] {
			h.by[d.Provider] = append(h.by[d.Provider], d)
		}
		h.id[e.ID] = true
	}
	return make([]amqp.Result, len(events))
}

// after returns the ends of a provider's absences that began after an instant. An absence before the first logon lasts as long as
// a slow machine takes.
func (h *ends) after(provider string, at time.Time) (found []absence.Data) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, d := range h.by[provider] {
		if d.Since.After(at) {
			found = append(found, d)
		}
	}
	return found
}

// await waits for the one end of a provider's absence that began after an instant.
func (h *ends) await(provider string, at time.Time) absence.Data {
	h.t.Helper()
	var found []absence.Data
	testkit.Eventually(h.t, "the end of "+provider, time.Minute, func() error {
		if found = h.after(provider, at); len(found) != 1 {
			return fmt.Errorf("have %v", found)
		}
		return nil
	})
	return found[0]
}

// notedAsPresent waits until the gateway has noted that providers are logged on. A provider that leaves before that was never back.
func notedAsPresent(t *testing.T, g *gatewaytest.FileGateway, providers ...string) {
	t.Helper()
	pool := g.Database()
	for _, p := range providers {
		testkit.Eventually(t, p+" to be noted as present", time.Minute, func() error {
			var absences int
			err := pool.QueryRow(t.Context(), "select count(*) from absence where session like '%->' || $1", p).Scan(&absences)
			if err == nil && absences > 0 {
				err = errors.New("it is noted as absent")
			}
			return err
		})
	}
}

func graceOf(seconds int) string {
	return fmt.Sprintf(`,"cancel_on_disconnect":{"grace_seconds":%d}`, seconds)
}

// The gateway tells the core of each provider that stays away for longer than its grace, once for each time. It does not tell of a
// provider that comes back in time, nor of one without a grace.
func TestAProviderThatStaysAwayIsTold(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", graceOf(2)), providerEntry("BETA50", graceOf(3_600)), providerEntry("GAMMA", ""))
	g.Start()
	heard := hearEnds(t, g.Broker)
	alpha, beta, gamma := newClient(t, "ALPHA").reset(g.Address), newClient(t, "BETA50").reset(g.Address), newClient(t, "GAMMA").reset(g.Address)
	notedAsPresent(t, g, "ALPHA", "BETA50")
	left := time.Now()
	_, _, _ = alpha.conn.Close(), beta.conn.Close(), gamma.conn.Close()
	first := heard.await("ALPHA", left)
	if away := first.Until.Sub(first.Since); away != 2*time.Second {
		t.Errorf("it ended after %s", away)
	}
	beta.resume(g.Address)
	alpha.resume(g.Address)
	notedAsPresent(t, g, "ALPHA")
	leftAgain := time.Now()
	alpha.send("5", "")
	alpha.expect("5 34=3")
	heard.await("ALPHA", leftAgain)
	if others := append(heard.after("BETA50", left), heard.after("GAMMA", time.Time{})...); len(others) > 0 {
		t.Errorf("%v", others)
	}
	if all := heard.after("ALPHA", left); len(all) != 2 {
		t.Errorf("%v", all)
	}
}

// An absence is counted on when the gateway dies. If the provider was logged on until then, the next holder of the session counts
// from its own beginning. An absence that was told is not told again.
func TestTheGraceOutlivesItsGateway(t *testing.T) {
	t.Parallel()
	g := gatewaytest.NewFile(t, prefix, providerEntry("ALPHA", graceOf(2)), providerEntry("BETA50", graceOf(6)))
	g.Start()
	heard := hearEnds(t, g.Broker)
	alpha, beta := newClient(t, "ALPHA").reset(g.Address), newClient(t, "BETA50").reset(g.Address)
	notedAsPresent(t, g, "ALPHA", "BETA50")
	gone := time.Now()
	beta.send("5", "")
	beta.expect("5 34=2")
	pool := g.Database()
	var noted time.Time
	testkit.Eventually(t, "the absence of BETA50", answerTime, func() error {
		return pool.QueryRow(t.Context(), "select since from absence where session like '%BETA50' and since > $1", gone).Scan(&noted)
	})
	killed := time.Now()
	g.Kill()
	_ = alpha.conn.Close()
	g.Start()
	heard.await("ALPHA", killed)
	if end := heard.await("BETA50", noted.Add(-time.Microsecond)); !end.Since.Equal(noted) {
		t.Errorf("BETA50 is away since %s and is said to be since %s", noted, end.Since)
	}
	g.Stop()
	g.Start()
	alpha.resume(g.Address)
	g.Counter("provider.ALPHA.logged_on", 1)
	heard.await("ALPHA", killed)
	heard.await("BETA50", noted.Add(-time.Microsecond))
}
