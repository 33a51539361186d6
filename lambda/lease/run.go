package lease

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Run keeps leases until ctx ends. Then it gives all that are held, and returns when every tenant has ended and the rows are
// released. It may be called once. Postgres may be away at any time.
func (k *Keeper) Run(ctx context.Context) error {
	keep, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var takes, others sync.WaitGroup
	takes.Go(func() { every(ctx, k.cfg.Poll, k.free, k.take) })
	others.Go(func() { every(keep, k.cfg.Renew, nil, k.renew) })
	others.Go(func() { every(keep, k.cfg.Length, k.ended, k.release) })
	others.Go(func() { k.watch(keep) })
	others.Go(func() { k.measure(keep) })
	takes.Wait() // afterwards it is known what the last statement took
	k.soon.Stop()
	k.Want()
	k.running.Wait()
	stop()
	others.Wait()
	k.release(keep) // names that the last statement took too late
	k.rows.close()
	return nil
}

// every calls step now, at each interval and when woken, until ctx ends. Calls do not overlap.
func every(ctx context.Context, interval time.Duration, woken <-chan struct{}, step func(ctx context.Context)) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		step(context.WithoutCancel(ctx)) // step waits for its statement's answer, within the statement's bound, even if ctx ends
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-woken:
		}
	}
}

// take tries to take the names that are wanted and not held, in one statement.
func (k *Keeper) take(ctx context.Context) {
	k.mu.Lock()
	names := k.book.free(k.now())
	k.mu.Unlock()
	if len(names) == 0 {
		return
	}
	sent := k.now()
	length := k.pace.length(sent)
	ctx, cancel := context.WithTimeout(ctx, patience(length))
	defer cancel()
	grants, again, err := k.rows.take(ctx, names, length)
	k.noted("take", err)
	k.waited(ctx, sent, err)
	if err == nil {
		k.believe(sent+belief(length), names, grants)
	}
	if again > 0 {
		k.soon.Reset(again)
	}
}

func (k *Keeper) believe(until time.Duration, names []string, grants []Grant) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, g := range k.book.taken(until, k.now(), grants) {
		k.begin(g)
	}
	k.book.tried(names)
	wake(k.gained)
	wake(k.ended)
}

// renew renews all that is held, in one statement. While nothing is held, it only keeps the connection open.
func (k *Keeper) renew(ctx context.Context) {
	sent := k.now() // before anything else: this goroutine may be stopped at any point before the statement
	k.mu.Lock()
	grants := k.book.renewable(sent)
	k.mu.Unlock()
	length := k.pace.length(sent)
	ctx, cancel := context.WithTimeout(ctx, patience(length))
	defer cancel()
	told, err := k.rows.renew(ctx, grants, length)
	if len(grants) == 0 {
		return
	}
	k.noted("renew", err)
	k.waited(ctx, sent, err)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.book.renewed(sent+belief(length), k.now(), told.renewed)
	k.endAll(k.book.refused(told.refused), ErrRefused)
	k.endAll(k.book.wished(told.wished), ErrGiven)
}

// release lets others take the names that this process has given, in one statement. Rows that cannot be released expire. While
// there are none, it only keeps the connection open: a name that was given has no holder until its release, so that must not
// wait for a connection.
func (k *Keeper) release(ctx context.Context) {
	k.mu.Lock()
	grants := k.book.releasable()
	k.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, patience(k.pace.length(k.now())))
	defer cancel()
	err := k.rows.release(ctx, grants)
	if len(grants) == 0 {
		return
	}
	k.noted("release", err)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.book.released(grants)
	for _, g := range grants {
		k.over(g.Name)
	}
	wake(k.free) // a name may be wanted again meanwhile
}

// waited notes how late a statement was answered, or for how long it was not. A server that is away refuses connections, and is not late.
func (k *Keeper) waited(ctx context.Context, sent time.Duration, err error) {
	if err == nil || ctx.Err() != nil {
		k.pace.late(k.now(), k.now()-sent)
	}
}

// endAll ends the tenures of names. The caller holds mu.
func (k *Keeper) endAll(names []string, why error) {
	if len(names) > 0 && !errors.Is(why, ErrGiven) {
		k.pace.lapsed(k.now())
		k.lapses.Add(int64(len(names)))
	}
	for _, name := range names {
		k.tenures[name].end(why)
	}
}

// noted notes whether Postgres answers, and logs when that changes.
func (k *Keeper) noted(what string, err error) {
	before := k.fault.Swap(&err)
	wasAway := before != nil && *before != nil
	switch {
	case err != nil && !wasAway:
		k.log.Warn("leases cannot be kept: Postgres does not answer", "statement", what, "error", err)
	case err == nil && wasAway:
		k.log.Info("leases are kept again")
	}
}
