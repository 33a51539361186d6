package inbox

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
)

const (
	selectSeen = `select id::text, emitted from inbox where id = any($1::uuid[])`
	insertSeen = `insert into inbox (id, emitted) select * from unnest($1::uuid[], $2::bytea[]) order by 1` // two batches wait in one order
)

// outcomes is what each event of a batch led to, by event id.
type outcomes struct {
	seen    map[string][]byte      // handled before: its inbox row
	results map[string]amqp.Result // handled now, or read from the row
	handled []event.Event          // handled now: those that have an inbox row to write
}

// transact handles the batch in one transaction, all or nothing.
func (r *runner[S]) transact(ctx context.Context, events []event.Event) ([]amqp.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, transactionBudget)
	defer cancel()
	conn, err := r.pool.Acquire(ctx)
	if err != nil {
		return nil, &awayError{fmt.Errorf("acquire connection: %w", err)}
	}
	defer conn.Release()
	results, err := r.assume(ctx, conn, events)
	if results == nil && (err == nil || isConflict(err)) {
		results, err = r.steps(ctx, conn, events)
	}
	if err != nil {
		return nil, r.giveUp(ctx, conn, err)
	}
	return results, nil
}

// assume handles the batch as new, in one round trip, which is a transaction by itself. No results and no error mean that
// it has not tried; a conflict, that the batch is not new.
func (r *runner[S]) assume(ctx context.Context, conn *pgxpool.Conn, events []event.Event) ([]amqp.Result, error) {
	if r.assumer == nil {
		return nil, nil
	}
	started := r.now()
	state, ok := r.assumer.Assume(events)
	if !ok {
		return nil, nil
	}
	out := newOutcomes(len(events))
	if err := r.decideAll(state, events, started, out); err != nil {
		return nil, err
	}
	if len(out.handled) > 0 {
		var b pgx.Batch
		r.queueStore(&b, state, out)
		if err := conn.SendBatch(ctx, &b).Close(); err != nil {
			return nil, fmt.Errorf("store: %w", err)
		}
	}
	return out.of(events), nil
}

// steps are load, decide, store.
func (r *runner[S]) steps(ctx context.Context, conn *pgxpool.Conn, events []event.Event) ([]amqp.Result, error) {
	started, out := r.now(), newOutcomes(len(events))
	state, err := r.load(ctx, conn, events, out)
	if err != nil {
		return nil, fmt.Errorf("load: %w", err)
	}
	if err := r.decideAll(state, events, started, out); err != nil {
		return nil, err
	}
	if err := r.store(ctx, conn, state, out); err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return out.of(events), nil
}

func newOutcomes(n int) *outcomes {
	return &outcomes{seen: map[string][]byte{}, results: make(map[string]amqp.Result, n)}
}

func (r *runner[S]) decideAll(state S, events []event.Event, started time.Time, out *outcomes) error {
	for _, e := range events {
		if err := r.decide(state, e, started, out); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner[S]) load(ctx context.Context, conn *pgxpool.Conn, events []event.Event, out *outcomes) (S, error) {
	var b pgx.Batch
	b.Queue("begin")
	b.Queue(selectSeen, ids(events)).Query(out.readSeen)
	state := r.handler.Load(&b, events)
	return state, conn.SendBatch(ctx, &b).Close()
}

// decide lets the handler take one event that has no outcome yet. A panic fails the batch: the state may be torn.
func (r *runner[S]) decide(state S, e event.Event, started time.Time, out *outcomes) (err error) {
	if done, err := out.has(e); done || err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("decide %s %s: panic: %v\n%s", e.Type, e.ID, p, debug.Stack())
		}
	}()
	emitted, refused := r.handler.Decide(state, started, e)
	if refused != nil {
		out.results[e.ID] = amqp.Result{Err: fmt.Errorf("decide %s %s: %w", e.Type, e.ID, refused)}
		return nil
	}
	now := r.now()
	for i := range emitted {
		emitted[i].Time, emitted[i].Started, emitted[i].Source = now, started, r.source
	}
	out.results[e.ID] = amqp.Result{Emit: emitted}
	out.handled = append(out.handled, e)
	return nil
}

// store writes the state and the inbox rows and commits. A row that is there already means that another replica has
// handled the event meanwhile: the insert fails, and with it the batch.
func (r *runner[S]) store(ctx context.Context, conn *pgxpool.Conn, state S, out *outcomes) error {
	var b pgx.Batch
	if len(out.handled) > 0 {
		r.queueStore(&b, state, out)
	}
	b.Queue("commit")
	return conn.SendBatch(ctx, &b).Close()
}

func (r *runner[S]) queueStore(b *pgx.Batch, state S, out *outcomes) {
	r.handler.Store(b, state)
	b.Queue(insertSeen, ids(out.handled), out.rows())
}

// giveUp ends the transaction and tells whether the database or the batch is to blame.
func (r *runner[S]) giveUp(ctx context.Context, conn *pgxpool.Conn, err error) error {
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
func (r *runner[S]) now() time.Time { return r.clock().UTC().Truncate(time.Microsecond) }

func (o *outcomes) readSeen(rows pgx.Rows) error {
	for rows.Next() {
		var id string
		var row []byte
		if err := rows.Scan(&id, &row); err != nil {
			return fmt.Errorf("read inbox: %w", err)
		}
		o.seen[id] = row
	}
	return rows.Err()
}

// has tells whether e has its outcome already: from an earlier time, or from earlier in this batch.
func (o *outcomes) has(e event.Event) (bool, error) {
	if _, ok := o.results[e.ID]; ok {
		return true, nil
	}
	row, ok := o.seen[e.ID]
	if !ok {
		return false, nil
	}
	emitted, err := readEmitted(row, e)
	if err != nil {
		return false, fmt.Errorf("read inbox row %s: %w", e.ID, err)
	}
	o.results[e.ID] = amqp.Result{Emit: emitted}
	return true, nil
}

// of lists the outcomes in the order of the events. An event that comes twice in a batch has its outcome twice.
func (o *outcomes) of(events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i] = o.results[e.ID]
	}
	return results
}

func (o *outcomes) rows() [][]byte {
	rows := make([][]byte, len(o.handled))
	for i, e := range o.handled {
		rows[i] = appendEmitted(nil, e, o.results[e.ID].Emit)
	}
	return rows
}

func ids(events []event.Event) []string {
	list := make([]string, len(events))
	for i, e := range events {
		list[i] = e.ID
	}
	return list
}
