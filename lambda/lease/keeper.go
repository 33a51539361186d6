package lease

import (
	"context"
	"crypto/rand"
	"embed"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// Migrations creates the table lease. A service runs them in its own schema, together with the data that epochs fence.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

// Tenant does what only the holder of a name may do. Calls for one name never overlap, and come in pairs: Gained, then Lost.
// Calls for different names come from different goroutines and do not wait for each other.
type Tenant interface {
	// Gained starts to act for the name. ctx ends in the instant in which the lease is over, even while Gained still runs.
	// Its cause (context.Cause) says why. epoch is greater than any that was granted for the name before.
	Gained(ctx context.Context, name string, epoch int64)

	// Lost is called once the context of Gained has ended and Gained has returned. When Lost returns, nothing may act for the
	// name any more. If the name is being given, its lease is renewed until then, so that work under way can be finished.
	Lost(name string)
}

// Keeper takes, renews and releases leases for one process. It is safe for use by many goroutines.
type Keeper struct {
	cfg    Config
	rows   rows
	tenant Tenant
	log    *slog.Logger
	now    func() time.Duration // monotonic, since the start
	pace   *pace
	lapses atomic.Int64

	mu      sync.Mutex
	book    *book
	tenures map[string]*tenure
	running sync.WaitGroup // of tenures

	free, gained, ended chan struct{} // wake the loops that take, watch and release
	soon                *time.Timer   // wakes the loop that takes
	fault               atomic.Pointer[error]
}

// Identity returns the name of a holder: the replica, "/" and 64 random bits. Each start of a program has another one, so a
// restarted process is another holder.
func Identity(replica string) string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: see crypto/rand
	return fmt.Sprintf("%s/%x", replica, b)
}

// New returns a keeper that wants nothing yet. holder must be unique for each start of a process: see [Identity]. The keeper
// uses only the pool's settings. It opens up to three connections of its own, so that no lease is lost to a busy pool.
func New(pool *pgxpool.Pool, holder string, cfg Config, tenant Tenant, log *slog.Logger) *Keeper {
	cfg = cfg.withDefaults()
	started := time.Now()
	now := func() time.Duration { return time.Since(started) } // by the monotonic clock: see package time
	return newKeeper(newTable(pool.Config(), holder, cfg), cfg, tenant, log, now)
}

func newKeeper(rows rows, cfg Config, tenant Tenant, log *slog.Logger, now func() time.Duration) *Keeper {
	k := &Keeper{
		cfg: cfg, rows: rows, tenant: tenant, log: log, now: now,
		book: newBook(), pace: newPace(cfg), tenures: map[string]*tenure{},
		free: make(chan struct{}, 1), gained: make(chan struct{}, 1), ended: make(chan struct{}, 1),
	}
	k.soon = time.AfterFunc(time.Hour, func() { wake(k.free) })
	k.soon.Stop()
	return k
}

// Want replaces the set of names that this process wants. It returns at once. The keeper tries to take wanted names now and
// with each Poll, and gives held names that are no longer wanted.
func (k *Keeper) Want(names ...string) {
	k.mu.Lock()
	for _, name := range k.book.want(names) {
		k.tenures[name].end(ErrGiven)
	}
	k.mu.Unlock()
	wake(k.free)
}

// Give stops wanting a name. If the name is held, Give returns when its tenant has ended and its row is released, so that
// another process can take it with its next poll. If ctx ends first, Give returns its error, and the keeper goes on giving.
// It must not be called from within Gained or Lost of that name, since it waits for them.
func (k *Keeper) Give(ctx context.Context, name string) error {
	k.mu.Lock()
	t := k.tenures[name]
	if k.book.give(name) {
		t.end(ErrGiven)
	}
	k.mu.Unlock()
	if t == nil {
		return nil
	}
	select {
	case <-t.over:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("give lease %s: %w", name, ctx.Err())
	}
}

// Rest gives a held name and does not take it again for a while, so that another process can. The name stays wanted. Rest
// returns at once. It is for a tenant that cannot serve what it holds; a name that is not held is left as it is.
func (k *Keeper) Rest(name string, length time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.book.rest(name, k.now()+length) {
		k.tenures[name].end(ErrGiven)
	}
}

// Held tells whether the name is held at this instant. It asks the clock: if a process was stopped for longer than its lease,
// Held is false as soon as the process runs again, even before its tenant hears of the end. It is also false from the moment
// in which the name is being given.
func (k *Keeper) Held(name string) (epoch int64, held bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.book.holds(name, k.now())
}

// Settled is a health check. It fails while there are wanted names that this process does not hold and of which it does not
// know whether another process does.
func (k *Keeper) Settled(context.Context) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if open := k.book.unsettled(); len(open) > 0 {
		return fmt.Errorf("it is not known yet who holds %s", strings.Join(open, ", "))
	}
	return nil
}

// Ready is a health check. While Postgres does not answer, it fails with the error of the last statement.
func (k *Keeper) Ready(context.Context) error {
	if fault := k.fault.Load(); fault != nil {
		return *fault
	}
	return nil
}

func wake(loop chan struct{}) {
	select {
	case loop <- struct{}{}:
	default: // it is awake
	}
}
