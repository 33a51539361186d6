package inbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/postgres/daily"
)

const (
	// $2 and $3 are the lowest and the highest of the ids: see daily.Span.
	selectSeen = `select id::text, emitted from inbox where id = any($1::uuid[]) and id between $2 and $3
		union all select id::text, emitted from inbox_before where id = any($1::uuid[])`
	insertSeen = `insert into inbox (id, emitted) select * from unnest($1::uuid[], $2::bytea[]) order by 1` // two batches wait in one order
)

// transact handles the batch in one transaction, all or nothing.
func (r *runner[S]) transact(ctx context.Context, events []event.Event) ([]amqp.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, r.budget)
	defer cancel()
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return nil, &awayError{fmt.Errorf("acquire connection: %w", err)}
	}
	defer conn.Release()
	work := r.begin(events)
	results, err := r.assume(ctx, conn, work, events)
	if isConflict(err) {
		work, err = r.begin(events), nil
	}
	if results == nil && err == nil {
		results, err = r.inThree(ctx, conn, work, events)
	}
	if isConflict(err) && len(events) > 1 { // another replica has just committed part of it, which is visible now
		if _, err = conn.Exec(ctx, "rollback"); err == nil {
			results, err = r.inThree(ctx, conn, r.begin(events), events)
		}
	}
	if err != nil {
		return nil, r.giveUp(ctx, conn, err)
	}
	return results, nil
}

// assume handles the batch as new, in one round trip, which is a transaction by itself. No results and no error mean that
// it has not tried, and has left work as it was; a conflict means that something in the batch is not new.
func (r *runner[S]) assume(ctx context.Context, conn *pgxpool.Conn, work *work[S], events []event.Event) ([]amqp.Result, error) {
	assumer, can := any(work.batch).(Assumer)
	if !can || !assumer.Assume() {
		return nil, nil
	}
	if err := r.decideAll(work, events); err != nil {
		return nil, err
	}
	var b pgx.Batch
	r.queueStore(&b, work)
	if b.Len() > 0 {
		if err := conn.SendBatch(ctx, &b).Close(); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return work.of(events), nil
}

// inThree handles the batch in its three parts: load, decide, store.
func (r *runner[S]) inThree(ctx context.Context, conn *pgxpool.Conn, work *work[S], events []event.Event) ([]amqp.Result, error) {
	if err := r.load(ctx, conn, work, events); err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	if err := r.decideAll(work, events); err != nil {
		return nil, err
	}
	if err := r.store(ctx, conn, work); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return work.of(events), nil
}

func (r *runner[S]) load(ctx context.Context, conn *pgxpool.Conn, work *work[S], events []event.Event) error {
	var b pgx.Batch
	b.Queue("begin")
	if !r.steps.Idempotent {
		wanted := ids(events)
		lowest, highest := daily.Span(wanted)
		b.Queue(selectSeen, wanted, lowest, highest).Query(work.readSeen)
	}
	work.batch.Load(&b)
	return conn.SendBatch(ctx, &b).Close()
}

func (r *runner[S]) decideAll(work *work[S], events []event.Event) error {
	for i, e := range events {
		if err := r.decide(work, i, e); err != nil {
			return err
		}
	}
	return nil
}

// decide lets the task of an event that has no outcome yet decide. A panic fails the batch, whose state may be torn.
func (r *runner[S]) decide(work *work[S], i int, e event.Event) (err error) {
	if done, err := work.has(e); done || err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decide %s %s: panic: %v\n%s", e.Type, e.ID, p, debug.Stack())
		}
	}()
	emitted, refused := work.read[i].decide(work.batch, work.started, e)
	if refused != nil {
		work.results[e.ID] = amqp.Result{Err: fmt.Errorf("handle %s %s: %w", e.Type, e.ID, refused)}
		return nil
	}
	if r.steps.Idempotent && len(emitted) > 0 {
		return fmt.Errorf("decide %s %s: a step without inbox rows has emitted %s", e.Type, e.ID, emitted[0].Type)
	}
	now := r.now()
	for i := range emitted {
		emitted[i].Time, emitted[i].Started, emitted[i].Source = now, work.started, r.source
	}
	work.results[e.ID] = amqp.Result{Emit: emitted}
	work.handled = append(work.handled, e)
	return nil
}

// store writes the state and the inbox rows and commits. A row that is there already means that another replica has
// handled the event meanwhile: the insert fails, and with it the batch.
func (r *runner[S]) store(ctx context.Context, conn *pgxpool.Conn, work *work[S]) error {
	var b pgx.Batch
	r.queueStore(&b, work)
	b.Queue("commit")
	return conn.SendBatch(ctx, &b).Close()
}

// queueStore queues what the handled events have changed, and their inbox rows. Without a handled event there is nothing.
func (r *runner[S]) queueStore(b *pgx.Batch, work *work[S]) {
	if len(work.handled) == 0 {
		return
	}
	work.batch.Store(b)
	if !r.steps.Idempotent {
		b.Queue(insertSeen, ids(work.handled), work.rows())
	}
}

// giveUp ends the transaction and tells whether the database or the batch is to blame.
func (r *runner[S]) giveUp(ctx context.Context, conn *pgxpool.Conn, err error) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = &slowError{err}
	}
	if conn.Conn().IsClosed() {
		return &awayError{err}
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if _, rollback := conn.Exec(ctx, "rollback"); rollback != nil {
		_ = conn.Conn().Close(ctx)
		return &awayError{err}
	}
	return err
}

// now is in microseconds, as precise as the envelope's JSON form, so that a stored event equals the one first published.
func (r *runner[S]) now() time.Time { return r.steps.Clock().UTC().Truncate(time.Microsecond) }

func ids(events []event.Event) []string {
	list := make([]string, len(events))
	for i, e := range events {
		list[i] = e.ID
	}
	return list
}
