package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/oncall"
	"fxcore/services/failover/internal/view"
)

// gateways are two instances that report, and do as they are asked.
type gateways struct {
	bus *amqp.Bus

	mu     sync.Mutex
	holder string // of ALPHA
	epoch  int64
	deaf   bool // they do not do as they are asked
	count  int64
}

func startGateways(t *testing.T, broker amqp.Config) *gateways {
	t.Helper()
	g := &gateways{holder: "fix/1", epoch: 1}
	topology := amqp.Topology{Service: "fix", Queues: []amqp.Queue{{Name: "fix.moves", Bindings: []amqp.Binding{{Exchange: contract.OpsExchange, Key: "move.requested.fix"}}}}}
	for _, typ := range []event.Type{contract.InstanceReported, contract.SessionTaken, contract.SessionLeft} {
		topology.Publishes = append(topology.Publishes, amqp.Publication{Exchange: contract.OpsExchange, Type: typ})
	}
	g.bus = amqptest.Serve(t, broker, topology, g)
	testkit.Background(t, func(ctx context.Context) error { return g.report(ctx, t) })
	return g
}

func (g *gateways) report(ctx context.Context, t *testing.T) error {
	started := time.Now().UTC()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for ctx.Err() == nil {
		for _, name := range []string{"fix/1", "fix/2"} {
			g.mu.Lock()
			g.count++
			session := map[string]any{"provider": "ALPHA", "held": g.holder == name, "epoch": g.epoch}
			data := map[string]any{"instance": name, "started": started, "sequence": g.count, "ready": true, "sessions": []any{session}}
			g.mu.Unlock()
			_ = g.bus.Publish(ctx, g.event(t, contract.InstanceReported, data))
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	return nil
}

func (g *gateways) event(t *testing.T, typ event.Type, data any) event.Event {
	g.mu.Lock()
	g.count++
	id := event.NewID(testkit.Day, typ.Name, fmt.Sprint(g.count))
	g.mu.Unlock()
	e, err := event.New(typ, id, "fix", id, data)
	if err != nil {
		t.Error(err)
	}
	e.Time = time.Now().UTC()
	return e
}

func (g *gateways) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		var m messages.Move
		g.mu.Lock()
		if e.Read(&m) != nil || g.deaf || m.Epoch != g.epoch {
			g.mu.Unlock()
			continue
		}
		g.holder, g.epoch = m.To, g.epoch+1
		g.mu.Unlock()
		at := time.Now().UTC()
		left, _ := e.Next(contract.SessionLeft, messages.Session{Provider: m.Provider, Instance: m.From, Epoch: m.Epoch, At: at.Add(-40 * time.Millisecond), Cause: "given"})
		taken, _ := e.Next(contract.SessionTaken, messages.Session{Provider: m.Provider, Instance: m.To, Epoch: m.Epoch + 1, At: at})
		results[i].Emit = []event.Event{left, taken}
	}
	return results
}

func (g *gateways) now() (holder string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holder
}

// The whole service on real servers, commanded by its own command line; at SIGTERM nothing of it is left behind.
func TestOnCallCommandsTheServiceAndItStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnBroker(t)
	broker := on.URL
	g := startGateways(t, on)
	shown := make(chan net.Addr, 1)
	with, _ := ofATest(t, on)
	app, _ := service(with, func(a net.Addr) { shown <- a })
	stop := program.Start(t, 30*time.Second, app)
	address := <-shown
	t.Setenv("FAILOVER_URL", "http://127.0.0.1:1, http://"+address.String())
	await(t, "fix/1", "fix/2", "ALPHA")

	say(t, broker, 0, []string{"move", "ALPHA", "fix/2", "-why", "a test"}, "ALPHA: fix/1 → fix/2, served again after ")
	testkit.Eventually(t, "the move's own times, though a report was read first", 20*time.Second, func() error {
		var out bytes.Buffer
		if oncall.Run([]string{"-json", "status"}, &out, &out); !strings.Contains(out.String(), `"away_ms": 40`) {
			return errors.New(out.String())
		}
		return nil
	})
	if err := at(g, "fix/2"); err != nil {
		t.Error(err)
	}
	say(t, broker, 0, []string{"fallback", "ALPHA"}, "accepted")
	say(t, broker, 0, []string{"home", "ALPHA", "fix/1"}, "accepted")
	say(t, broker, 0, []string{"fallback"}, "accepted")
	testkit.Eventually(t, "ALPHA at its home", 20*time.Second, func() error { return at(g, "fix/1") })
	settled(t, g)
	say(t, broker, 0, []string{"drain", "fix/1"}, "ALPHA: fix/1 → fix/2")
	say(t, broker, 0, []string{"undrain", "fix-1"}, "accepted") // as its log is named
	say(t, broker, 0, []string{"history", "ALPHA"}, "command move", "move done", "a test", "left", "given")
	say(t, broker, 0, []string{"-json", "status"}, `"automatic": true`)
	say(t, broker, 3, []string{"move", "BETA", "fix/2"}, `refused: no living gateway serves provider "BETA": they serve ALPHA`)
	say(t, broker, 3, []string{"drain", "fix/9"}, `refused: no instance "fix/9": there are fix/1, fix/2`)
	say(t, broker, 0, []string{"manual"}, "accepted")
	settled(t, g) // the fall-back to its home may have been on its way
	g.mu.Lock()
	g.deaf = true
	g.mu.Unlock()
	from, to := "fix/1", "fix/2"
	if g.now() == to {
		from, to = to, from
	}
	say(t, broker, 1, []string{"-wait", "1s", "drain", from}, "ALPHA is still at", from+" → "+to+" under way")
	say(t, broker, 1, []string{"-wait", "1s", "drain", to}, from+" → "+to+" under way") // it does not have ALPHA yet
	say(t, "amqps://guest:guest@127.0.0.1:1/", 4, []string{"automatic"}, "the broker does not take the command")

	stop()
	say(t, broker, 4, []string{"status"}, "failover does not answer")
}

// say runs the command line and checks its exit code and what it says.
func say(t *testing.T, broker string, code int, args []string, wants ...string) {
	t.Helper()
	amqptest.Setenv(t, broker)
	var out bytes.Buffer
	got := oncall.Run(args, &out, &out)
	for _, want := range wants {
		if got != code || !strings.Contains(out.String(), want) {
			t.Errorf("%v: exit code %d, want %d and %q:\n%s", args, got, code, want, out.String())
		}
	}
}

func await(t *testing.T, wants ...string) {
	t.Helper()
	testkit.Eventually(t, "the plan", 30*time.Second, func() error {
		var out bytes.Buffer
		oncall.Run([]string{"status"}, &out, &out)
		for _, want := range wants {
			if !strings.Contains(out.String(), want) {
				return fmt.Errorf("no %s in %s", want, out.String())
			}
		}
		return nil
	})
}

func at(g *gateways, instance string) error {
	if holder := g.now(); holder != instance {
		return fmt.Errorf("ALPHA is at %s", holder)
	}
	return nil
}

// settled waits until nothing moves, and the service knows where ALPHA is.
func settled(t *testing.T, g *gateways) {
	t.Helper()
	testkit.Eventually(t, "the last move to end", 20*time.Second, func() error {
		var out bytes.Buffer
		oncall.Run([]string{"-json", "status"}, &out, &out)
		var status view.Status
		if err := json.Unmarshal(out.Bytes(), &status); err != nil {
			return fmt.Errorf("%w: %s", err, out.String())
		}
		p := status.Providers[0]
		if p.Instance != g.now() || p.Move != nil && p.Move.State == "requested" {
			return fmt.Errorf("%+v, and it is at %s", p, g.now())
		}
		return nil
	})
}

func TestTheCommandLineSaysWhatItDoesNotUnderstand(t *testing.T) {
	t.Setenv("FAILOVER_URL", "")
	t.Setenv("FAILOVER_ADDR", "")
	for want, args := range map[string][]string{
		"which command?":              {"-json"},
		`there is no command "dance"`: {"dance"},
		"move has 1 arguments":        {"move", "ALPHA"},
		"-no":                         {"-no", "status"},
		"FAILOVER_URL":                {"status"},
	} {
		say(t, "amqps://unused", 2, args, want)
	}
	say(t, "", 0, []string{"-h"}, "drain INSTANCE", "exit codes")
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	good := settings{Alive: 5 * time.Second, Steady: 1, Bound: 1, AtOnce: 1, Attempts: 1, Retention: 72 * time.Hour, History: 24 * time.Hour}
	testkit.RefusesEach(t, good, map[string]func(*settings){
		"FAILOVER_ALIVE":         func(s *settings) { s.Alive = time.Second },
		"FAILOVER_MOVES_AT_ONCE": func(s *settings) { s.AtOnce = 0 },
		"RETENTION":              func(s *settings) { s.Retention = time.Hour },
		"FAILOVER_KEEP":          func(s *settings) { s.History = time.Hour },
	})
}
