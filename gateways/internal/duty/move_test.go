package duty

import (
	"context"
	"fmt"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/lease"
	"fxcore/lambda/postgres"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/run"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// planner receives what the instances tell, and requests moves.
type planner struct {
	bus *amqp.Bus
	mu  sync.Mutex
	got []event.Event
}

func startPlanner(t *testing.T, broker string) *planner {
	t.Helper()
	p := &planner{}
	p.bus = amqptest.Serve(t, amqp.Config{URL: broker}, amqp.Topology{
		Service: "failover",
		Queues: []amqp.Queue{{
			Name: "all", Bindings: contract.Bindings(contract.InstanceReported, contract.SessionTaken, contract.SessionLeft),
		}},
		Publishes: []amqp.Publication{{Exchange: contract.OpsExchange, Type: contract.MoveRequested}},
	}, p)
	return p
}

func (p *planner) Handle(_ context.Context, events []event.Event) []amqp.Result {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.got = append(p.got, events...)
	return make([]amqp.Result, len(events))
}

// await waits for an event of a type for which is says yes.
func (p *planner) await(t *testing.T, what string, typ event.Type, is func(reported, changed) bool) {
	t.Helper()
	testkit.Eventually(t, what, 30*time.Second, func() error {
		p.mu.Lock()
		defer p.mu.Unlock()
		for _, e := range p.got {
			var r reported
			var c changed
			if e.Type == typ && e.Read(&r) == nil && e.Read(&c) == nil && is(r, c) {
				return nil
			}
		}
		return fmt.Errorf("not among %d events", len(p.got))
	})
}

func (p *planner) request(t *testing.T, deadline time.Time, to string, epoch int64) {
	t.Helper()
	e, err := event.New(contract.MoveRequested, event.NewID(testkit.Day, t.Name(), to, fmt.Sprint(epoch)), "fix", "move", move{Provider: "ALPHA", To: to, Epoch: epoch})
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = deadline
	if err := p.bus.Publish(t.Context(), e, e); err != nil {
		t.Fatal(err)
	}
}

// unhurried are leases that do not lapse on a machine that has other things to do.
var unhurried = lease.Config{Length: 20 * time.Second, Renew: time.Second, Poll: 100 * time.Millisecond}

// start runs an instance that serves ALPHA, until the test's process is told to stop.
func start(t *testing.T, broker, database, replica string) (app *run.App, keeper *lease.Keeper, ended chan int) {
	t.Helper()
	app = run.New("fix", config.Base{Replica: replica, HealthAddr: "127.0.0.1:0"})
	db := app.Postgres(postgres.Config{URL: database, ConnectTimeout: 5 * time.Second}, "ignored", lease.Migrations)
	bus := app.Bus(amqp.Config{URL: broker}, Topology("fix", amqp.Topology{Service: "fix"}))
	keeper = Register(app, Gateway{
		Name: "fix", DB: db, Bus: bus, Tenant: quiet{}, Lease: unhurried,
		Sessions: func() []Session { return []Session{{Provider: "ALPHA"}} },
	})
	keeper.Want("ALPHA")
	ended = make(chan int, 1)
	go func() { ended <- app.Run() }()
	testkit.Eventually(t, "readiness", 30*time.Second, func() error {
		if s := app.Health.Status(t.Context()); !s.Ready {
			return fmt.Errorf("%v", s.Reasons)
		}
		return nil
	})
	return app, keeper, ended
}

// Two instances run. A requested move is done and told. A request that is late, doubled or about another epoch changes nothing.
// Then both stop and say so.
func TestASessionMovesAsRequested(t *testing.T) {
	broker, database := testkit.AMQP(t), testkit.PostgresURL(t)
	p := startPlanner(t, broker)
	_, one, firstEnds := start(t, broker, database, "1")
	_, two, secondEnds := start(t, broker, database, "2")
	p.await(t, "the first report", contract.InstanceReported, func(r reported, _ changed) bool {
		return r.Instance == "fix/1" && r.Ready && r.Sessions[0].Held && r.Sessions[0].Epoch == 1
	})
	p.await(t, "the second's", contract.InstanceReported, func(r reported, _ changed) bool {
		return r.Instance == "fix/2" && r.Ready && !r.Sessions[0].Held && r.Sessions[0].Provider == "ALPHA"
	})
	p.request(t, time.Now().Add(-time.Second), "fix/2", 1) // too late
	p.request(t, time.Now().Add(time.Minute), "fix/2", 9)  // of a tenure that never was
	p.request(t, time.Now().Add(time.Minute), "fix/2", 1)
	p.await(t, "the first to tell that it left", contract.SessionLeft, func(_ reported, c changed) bool {
		return c.Instance == "fix/1" && c.Epoch == 1 && c.Cause == "given" && !c.EndedAt.Before(c.At)
	})
	p.await(t, "the second to tell that it took", contract.SessionTaken, func(_ reported, c changed) bool {
		return c.Instance == "fix/2" && c.Epoch == 2 && !c.At.IsZero()
	})
	p.await(t, "the second to report it", contract.InstanceReported, func(r reported, _ changed) bool {
		return r.Instance == "fix/2" && r.Sessions[0].Held && r.Sessions[0].Epoch == 2
	})
	if _, held := one.Held("ALPHA"); held {
		t.Error("the first has it still")
	}
	if epoch, held := two.Held("ALPHA"); !held || epoch != 2 {
		t.Errorf("the second has it: %v, with epoch %d", held, epoch)
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if a, b := <-firstEnds, <-secondEnds; a != 0 || b != 0 {
		t.Errorf("exit codes %d, %d", a, b)
	}
	p.await(t, "the last word", contract.InstanceReported, func(r reported, _ changed) bool {
		return r.Instance == "fix/2" && !r.Ready && r.Reason == "stopping"
	})
	p.await(t, "what was told after it", contract.SessionLeft, func(_ reported, c changed) bool { return c.Instance == "fix/2" && c.Epoch == 2 })
}

// A wish that cannot be written now is tried again. A request that cannot be read is not.
func TestRequestsThatFailComeAgain(t *testing.T) {
	db := testkit.Postgres(t) // without the table
	m := mover{db: db, log: testkit.Log(t), now: time.Now}
	e, err := event.New(contract.MoveRequested, event.NewID(testkit.Day, "1"), "fix", "move", move{Provider: "ALPHA", To: "fix/2", Epoch: 1})
	if err != nil {
		t.Fatal(err)
	}
	garbled := e
	garbled.Data = []byte(`{"provider":"ALPHA"}`)
	results := m.Handle(t.Context(), []event.Event{e, garbled})
	for i, retried := range []bool{true, false} {
		if err := results[i].Err; err == nil || (fmt.Sprintf("%T", err) == fmt.Sprintf("%T", amqp.Retry(err))) != retried {
			t.Errorf("%T: %v; retried should be %v", err, err, retried)
		}
	}
}

// A request that comes twice writes one wish. An expired one writes none.
func TestOnlyARequestInTimeWritesAWish(t *testing.T) {
	db := leases(t)
	if _, err := db.Exec(t.Context(), `insert into lease values ('ALPHA', 'fix/1/a', 4, now() + interval '1 hour', now())`); err != nil {
		t.Fatal(err)
	}
	m := mover{db: db, log: testkit.Log(t), now: func() time.Time { return noon }}
	for late, want := range map[time.Duration]string{time.Second: "", -time.Second: "fix/2"} {
		e, err := event.New(contract.MoveRequested, event.NewID(testkit.Day, late.String()), "fix", "move", move{Provider: "ALPHA", To: "fix/2", Epoch: 4})
		if err != nil {
			t.Fatal(err)
		}
		e.Deadline = noon.Add(-late)
		if _, err := db.Exec(t.Context(), `update lease set wish = null, wish_until = null`); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if r := m.Handle(t.Context(), []event.Event{e})[0]; r.Err != nil {
				t.Error(r.Err)
			}
		}
		var wish string
		if err := db.QueryRow(t.Context(), `select coalesce(wish, '') from lease`).Scan(&wish); err != nil || wish != want {
			t.Errorf("late by %s: wish %q, want %q, %v", late, wish, want, err)
		}
	}
}

func leases(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, lease.Migrations)
}
