package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/steps/audit"
	"fxcore/services/tracing/internal/store"
	kept "fxcore/services/tracing/internal/store/postgres"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func chain(t *testing.T) (kept.Store, *pgxpool.Pool) {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, kept.Migrations); err != nil {
		t.Fatal(err)
	}
	return kept.Store{Pool: pool}, pool
}

// noted is an event about a refused logon.
func noted(t *testing.T, n int, who string) event.Event {
	t.Helper()
	id := event.NewID(testkit.Day, "note", fmt.Sprint(n))
	e, err := event.New(contract.AuditNoted, id, contract.Operations, id, map[string]any{
		"what": "logon.refused", "outcome": "refused", "who": who, "from": "203.0.113.7", "about": "fix as " + who, "why": "wrong", "count": 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	e.Time, e.Source, e.Publisher = noon.Add(time.Duration(n)*time.Second), "fix/1", "fix"
	return e
}

// stream returns a follow function that hands out entries from an offset on, in batches of two, and ends.
func stream(entries []amqp.Entry) func(context.Context, string, amqp.Offset, amqp.Reader) error {
	return func(ctx context.Context, _ string, from amqp.Offset, read amqp.Reader) error {
		i := slices.IndexFunc(entries, func(e amqp.Entry) bool { return e.Offset >= from })
		if i < 0 {
			return nil
		}
		for some := range slices.Chunk(entries[i:], 2) {
			for read(ctx, some) != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
			}
		}
		return nil
	}
}

func entriesOf(events ...event.Event) (all []amqp.Entry) {
	for i, e := range events {
		all = append(all, amqp.Entry{Offset: amqp.Offset(10 * i), Events: []event.Event{e}})
	}
	return all
}

func follower(t *testing.T, s audit.Store, entries []amqp.Entry) *audit.Follower {
	t.Helper()
	return &audit.Follower{Store: s, Follow: stream(entries), Clock: func() time.Time { return noon }, Log: testkit.Log(t), Appended: &health.Counter{}}
}

// Replicas read the same stream at once, and one of them again after a restart: each event is in the chain once, and the chain is sound.
func TestEachEventIsInTheChainOnce(t *testing.T) {
	s, _ := chain(t)
	var events []event.Event
	for i := range 40 {
		events = append(events, noted(t, i, "ALPHA"))
	}
	events = append(events, events[3]) // published twice
	var replicas sync.WaitGroup
	for range 3 {
		replicas.Go(func() {
			if err := follower(t, s, entriesOf(events...)).Run(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	replicas.Wait()
	if err := follower(t, s, entriesOf(events...)).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := store.Verify(t.Context(), s, journal.AuditChain); n != 40 || err != nil {
		t.Errorf("%d records are sound, want 40: %v", n, err)
	}
	// A stream that was made anew counts from the beginning; the operator has set the head's position back.
	if _, err := s.Pool.Exec(t.Context(), "update head set position = -1"); err != nil {
		t.Fatal(err)
	}
	if err := follower(t, s, entriesOf(append(events, noted(t, 99, "ALPHA"))...)).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := store.Verify(t.Context(), s, journal.AuditChain); n != 41 || err != nil {
		t.Errorf("%d records are sound, want 41: %v", n, err)
	}
}

// Whoever changes, removes or adds a record past the program is found by the watch, which names the record.
func TestHarmToTheAuditIsNamed(t *testing.T) {
	for name, c := range map[string]struct{ harm, want string }{
		"changed":      {`update journal set payload = '{"who":"nobody"}' where chain = 16 and seq = 3`, "record 3"},
		"blamed":       {`update journal set source = 'auth/1' where chain = 16 and seq = 2`, "record 2"},
		"removed":      {`delete from journal where chain = 16 and seq = 4`, "record 4 : missing"},
		"cut off":      {`delete from journal where chain = 16 and seq > 3`, "record 4 : missing"},
		"added":        {`insert into journal select chain, 6, day, 'audit/forged', 'forged', causation, traceparent, type, origin, source, time, started, client, provider, reference, code, text, payload, hash from journal where chain = 16 and seq = 5`, "record 6 forged: added"},
		"end pretends": {`with gone as (delete from journal where chain = 16 and seq = 5) update head set seq = 4 where chain = 16`, "record 4 : anchor changed"},
	} {
		t.Run(name, func(t *testing.T) {
			s, pool := chain(t)
			var events []event.Event
			for i := range 5 {
				events = append(events, noted(t, i, "ALPHA"))
			}
			if err := follower(t, s, entriesOf(events...)).Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			w := &audit.Watch{Chain: s, Clock: func() time.Time { return noon }, Log: testkit.Log(t)}
			if err := w.Walk(t.Context()); err != nil || w.Broken() != 0 || w.State().Records != 5 || w.State().Seq != 5 || len(w.State().Hash) != 64 {
				t.Fatalf("%v, %+v", err, w.State())
			}
			if _, err := pool.Exec(t.Context(), c.harm); err != nil {
				t.Fatal(err)
			}
			if err := w.Walk(t.Context()); err != nil || w.Broken() != 1 || w.Concern(t.Context()) == nil || !strings.Contains(w.State().Fault, c.want) {
				t.Errorf("%v, %+v, want %s", err, w.State(), c.want)
			}
		})
	}
}

// The audit keeps what the journal's retention forgets, and the journal's stories do not show the audit.
func TestTheAuditHasARetentionOfItsOwn(t *testing.T) {
	s, pool := chain(t)
	old := follower(t, s, entriesOf(noted(t, 0, "A")))
	old.Clock = func() time.Time { return noon.AddDate(-2, 0, 0) }
	next := follower(t, s, entriesOf(noted(t, 0, "A"), noted(t, 1, "B")))
	next.Clock = func() time.Time { return noon.AddDate(-2, 0, 1) }
	now := follower(t, s, entriesOf(noted(t, 0, "A"), noted(t, 1, "B"), noted(t, 2, "C")))
	for _, f := range []*audit.Follower{old, next, now} {
		if err := f.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	count := func() (n, shown int) {
		if err := pool.QueryRow(t.Context(), "select (select count(*) from journal where chain = 16), (select count(*) from audit)").Scan(&n, &shown); err != nil {
			t.Fatal(err)
		}
		return n, shown
	}
	if err := s.Forget(t.Context(), store.Keep{Journal: 24 * time.Hour}, noon); err != nil {
		t.Fatal(err)
	}
	if n, shown := count(); n != 3 || shown != 3 {
		t.Errorf("the journal's retention leaves %d records, %d entries", n, shown)
	}
	if err := s.ForgetAudit(t.Context(), 365*24*time.Hour, noon); err != nil {
		t.Fatal(err)
	}
	if n, shown := count(); n != 1 || shown != 1 {
		t.Errorf("the audit's retention leaves %d records, %d entries", n, shown)
	}
	if n, err := store.Verify(t.Context(), s, journal.AuditChain); n != 1 || err != nil {
		t.Errorf("%d records are sound: %v", n, err)
	}
}

// Each type that the audit takes is read as its producer publishes it.
func TestTheProducersSamplesAreRead(t *testing.T) {
	const failover, auth, desk = "services/failover/internal/messages", "services/auth/internal/messages", "services/monitoring/internal/failed/desk"
	for typ, c := range map[event.Type]struct{ from, who, about string }{
		contract.AuditNoted:          {"lambda/run", "ALPHA, BETA", "fix"},
		contract.TokenIssued:         {auth, "U0001", "token "},
		contract.TokenRevoked:        {auth, "U0001", "token "},
		contract.CredentialCommanded: {auth, "root@ops1", "credential of S0001 is set"},
		contract.CommandRefused:      {auth, "U0001", "failover.commanded"},
		contract.SessionBarred:       {failover, "anna@ops-1", "A"},
		contract.SessionAdmitted:     {failover, "anna@ops-1", "A"},
		contract.FailoverCommanded:   {failover, "anna@ops-1", "move A fix/2"},
		contract.JobCommanded:        {"services/jobs", "jdoe@desk7", "start count items test"},
		contract.SettlementCommanded: {"services/settlement/internal/messages", "operator@bank", "retry 512f2726-7f2d-850d-a7d3-69141e981d96"},
		contract.TradeCommanded:      {auth, "U0013", "propose delete 1c2b5a60-8d1f-8e0a-9d56-0c1f5ee7a0b1 action 1c2b7e57"},
		contract.ErrorReplayed:       {desk, "U0013", "trade.authorized.v1 50a0c2b2-7f2d-850d-a7d3-69141e981d96 of trading"},
		contract.ErrorDiscarded:      {desk, "U0013", "trade.authorized.v1 50a0c2b2-7f2d-850d-a7d3-69141e981d96 of trading"},
	} {
		a := audit.Of(event.Event{ID: "x", Type: typ, Time: noon, Source: "p/1", Publisher: "p", Data: sample.Of(t, c.from, typ)}, 1)
		if a.Entry.Who != c.who || !strings.HasPrefix(a.Entry.About, c.about) || a.Entry.Source != "p/1" || a.Entry.Count < 1 || a.Record.Client != "" {
			t.Errorf("%s: %+v", typ, a.Entry)
		}
	}
	if got, want := len(audit.Queue().Bindings), 13; got != want {
		t.Errorf("the stream is bound to %d types, the test knows %d", got, want)
	}
}

// A program that speaks in another's name is named by the broker's word. What cannot be read is kept, and texts are bounded.
func TestWhatAProgramSaysOfItselfIsNotBelieved(t *testing.T) {
	a := audit.Of(event.Event{
		ID: "x", Type: contract.AuditNoted, Time: noon, Source: "auth/1", Publisher: "fix",
		Data: json.RawMessage(`{"what":"logon.accepted","who":"\u009b` + strings.Repeat("x", 5000) + `"}`),
	}, 1)
	if a.Entry.Source != "fix (as auth/1)" || a.Record.Source != a.Entry.Source || len(a.Entry.Who) > 200 || strings.Contains(a.Entry.Who, "\u009b") {
		t.Errorf("%+v", a.Entry)
	}
	a = audit.Of(event.Event{ID: "y", Type: contract.TokenIssued, Time: noon, Source: "auth/1", Publisher: "auth", Data: json.RawMessage(`{"user":7}`)}, 1)
	if !strings.Contains(a.Entry.Why, "cannot be read") || len(a.Record.Payload) == 0 {
		t.Errorf("%+v", a.Entry)
	}
}

func TestTheAuditIsSearched(t *testing.T) {
	s, _ := chain(t)
	var events []event.Event
	for i, who := range []string{"ALPHA", "BETA", "ALPHA", "GAMMA"} {
		events = append(events, noted(t, i, who))
	}
	if err := follower(t, s, entriesOf(events...)).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		q    store.AuditQuery
		want []int64
	}{
		"all":         {store.AuditQuery{}, []int64{4, 3, 2, 1}},
		"who":         {store.AuditQuery{Who: "ALPHA"}, []int64{3, 1}},
		"what":        {store.AuditQuery{What: "logon.refused"}, []int64{4, 3, 2, 1}},
		"kind":        {store.AuditQuery{What: "logon"}, []int64{4, 3, 2, 1}},
		"not a kind":  {store.AuditQuery{What: "log"}, nil},
		"address":     {store.AuditQuery{Address: "203.0.113.7", Who: "BETA"}, []int64{2}},
		"about":       {store.AuditQuery{About: "GAM"}, []int64{4}},
		"outcome":     {store.AuditQuery{Outcome: "done"}, nil},
		"time":        {store.AuditQuery{From: noon.Add(time.Second), To: noon.Add(3 * time.Second)}, []int64{3, 2}},
		"next page":   {store.AuditQuery{Before: 3}, []int64{2, 1}},
		"newest two":  {store.AuditQuery{Limit: 2}, []int64{4, 3}},
		"% is itself": {store.AuditQuery{About: "%"}, nil},
	} {
		if c.q.Limit == 0 {
			c.q.Limit = 10
		}
		found, err := s.Audit(t.Context(), c.q)
		var got []int64
		for _, e := range found {
			got = append(got, e.Seq)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v, want %v", name, got, err, c.want)
		}
	}
}

// While the database is away the stream keeps what comes.
func TestTheFollowerWaitsForTheDatabase(t *testing.T) {
	s, _ := chain(t)
	slow := &away{Store: s, left: 2}
	if err := follower(t, slow, entriesOf(noted(t, 0, "A"))).Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, err := store.Verify(t.Context(), s, journal.AuditChain); n != 1 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

// away fails some times.
type away struct {
	kept.Store

	left int
}

func (a *away) AuditHead(ctx context.Context, today event.Day) (journal.Head, error) {
	if a.left--; a.left == 0 {
		return journal.Head{}, errors.New("away")
	}
	return a.Store.AuditHead(ctx, today)
}

func (a *away) AppendAudit(ctx context.Context, today event.Day, offset int64, all []store.Audited) (int, error) {
	if a.left--; a.left >= 0 {
		return 0, errors.New("away")
	}
	return a.Store.AppendAudit(ctx, today, offset, all)
}
