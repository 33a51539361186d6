package stores

import (
	"context"
	_ "embed" // the queries
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/scripts/testbench/oracle"
)

var (
	//go:embed queries/trades.sql
	tradesSQL string
	//go:embed queries/rejections.sql
	rejectionsSQL string
	//go:embed queries/claims.sql
	claimsSQL string
	//go:embed queries/assignments.sql
	assignmentsSQL string
	//go:embed queries/reservations.sql
	reservationsSQL string
	//go:embed queries/netted.sql
	nettedSQL string
	//go:embed queries/usage.sql
	usageSQL string
	//go:embed queries/settlements.sql
	settlementsSQL string
	//go:embed queries/settled.sql
	settledSQL string
	//go:embed queries/deletions.sql
	deletionsSQL string
	//go:embed queries/kept.sql
	keptSQL string
	//go:embed queries/writes.sql
	writesSQL string
)

// tables reads all schemas in one snapshot of the database. It returns the messages that services have handled, each with the service.
func (p Places) tables(ctx context.Context, e *oracle.Evidence) (of map[string]string, err error) {
	conn, err := pgx.Connect(ctx, p.Postgres)
	if err != nil {
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return of, pgx.BeginTxFunc(ctx, conn, snapshot, func(tx pgx.Tx) error {
		for _, read := range []func(context.Context, pgx.Tx, *oracle.Evidence) error{
			rows(tradesSQL, trade, func(e *oracle.Evidence) *[]oracle.Trade { return &e.Trades }),
			rows(rejectionsSQL, pgx.RowToStructByPos[oracle.Rejection], func(e *oracle.Evidence) *[]oracle.Rejection { return &e.Rejections }),
			rows(claimsSQL, pgx.RowTo[string], func(e *oracle.Evidence) *[]string { return &e.Claims }),
			rows(assignmentsSQL, pgx.RowToStructByPos[oracle.Assignment], func(e *oracle.Evidence) *[]oracle.Assignment { return &e.Assignments }),
			rows(reservationsSQL, reservation, func(e *oracle.Evidence) *[]oracle.Reservation { return &e.Reservations }),
			netted,
			rows(usageSQL, usage, func(e *oracle.Evidence) *[]oracle.Usage { return &e.Usage }),
			rows(settlementsSQL, settlement, func(e *oracle.Evidence) *[]oracle.SettlementUsage { return &e.Settlements }),
			rows(keptSQL, pgx.RowToStructByPos[oracle.KeptAnswer], func(e *oracle.Evidence) *[]oracle.KeptAnswer { return &e.Kept }),
		} {
			if err := read(ctx, tx, e); err != nil {
				return err
			}
		}
		if of, err = handled(ctx, tx); err != nil {
			return err
		}
		return optional(ctx, tx, e)
	})
}

// optional reads what Watch has seen, if it was asked to, and what settlement and monitoring keep, if they run.
func optional(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
	for table, read := range map[string]func(context.Context, pgx.Tx, *oracle.Evidence) error{
		"oracle.session_write":  rows(writesSQL, pgx.RowToStructByPos[oracle.Write], func(e *oracle.Evidence) *[]oracle.Write { return &e.Writes }),
		"settlement.obligation": settlements,
		"trading.action":        deletions,

		"monitoring.failed_message": failedMessages,
	} {
		var exists bool
		if err := tx.QueryRow(ctx, "select to_regclass($1) is not null", table).Scan(&exists); err != nil {
			return err
		}
		if !exists {
			continue
		}
		if err := read(ctx, tx, e); err != nil {
			return err
		}
	}
	return nil
}

// deletions reads which trades two persons have deleted, and finds the opposite bookings of these.
func deletions(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
	err := rows(deletionsSQL, pgx.RowToStructByPos[oracle.Deletion], func(e *oracle.Evidence) *[]oracle.Deletion { return &e.Deletions })(ctx, tx, e)
	reversals := map[string]string{}
	for _, d := range e.Deletions {
		reversals[event.ChildID(d.TradeID, "reversal", "1")] = d.TradeID
	}
	for i, b := range e.Bookings {
		e.Bookings[i].Reverses = reversals[b.TradeID]
	}
	return err
}

// failedMessages adds the messages that failed and that nobody has resolved: monitoring takes them out of the error queue. One that was
// replayed has had its effect, which the other rules judge: it counts once.
func failedMessages(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
	found, _ := tx.Query(ctx, `select 'fx.errors', queue, text, type, message_id from monitoring.failed_message where state in ('open', 'replaying')
		order by failed_at, id limit $1`, mostStuck) // CollectRows returns the error
	all, err := pgx.CollectRows(found, pgx.RowToStructByPos[oracle.Stuck])
	e.Stuck = append(e.Stuck, all...)
	return err
}

// rows reads all rows of a query into the part of the evidence that they belong to.
func rows[T any](sql string, read pgx.RowToFunc[T], into func(*oracle.Evidence) *[]T) func(context.Context, pgx.Tx, *oracle.Evidence) error {
	return func(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
		found, _ := tx.Query(ctx, sql) // CollectRows returns the error
		all, err := pgx.CollectRows(found, read)
		*into(e) = all
		return err
	}
}

func trade(row pgx.CollectableRow) (t oracle.Trade, err error) {
	var legs []byte
	err = row.Scan(&t.ID, &t.Provider, &t.Reference, &t.Status, &t.Client, &t.Product, &t.Base, &t.Quote, &t.Dealt, &t.RegisteredAt,
		&t.Desk, &t.Trader, &t.BookingReference, &legs)
	if err == nil {
		err = json.Unmarshal(legs, &t.Legs)
	}
	return t, err
}

func reservation(row pgx.CollectableRow) (r oracle.Reservation, err error) {
	var exposure, near, far, amount, open, taken, part, partTaken string
	var basis []byte
	err = row.Scan(&r.ID, &r.Kind, &r.Provider, &r.State, &r.Group, &r.Desk, &r.Dealer, &r.Client, &exposure, &r.NearDate, &r.FarDate, &near, &far,
		&r.ExpiresAt, &basis, &r.Pair, &r.Currency, &r.Side, &amount, &open, &taken, &r.ValueDate, &r.Netted, &r.FromCheck, &part,
		&partTaken, &r.Late, &r.NearSettled, &r.FarSettled)
	if err != nil {
		return r, err
	}
	if err = json.Unmarshal(basis, &r.Basis); err != nil {
		return r, fmt.Errorf("basis of %s: %w", r.ID, err)
	}
	return r, decimals([]string{exposure, near, far, amount, open, taken, part, partTaken},
		&r.Exposure, &r.NearReceivable, &r.FarReceivable, &r.Amount, &r.Open, &r.Taken, &r.FromAmount, &r.FromTaken)
}

// netted reads what the netted reservations exchange.
func netted(ctx context.Context, tx pgx.Tx, e *oracle.Evidence) error {
	found, _ := tx.Query(ctx, nettedSQL) // ForEachRow returns the error
	type amounts struct {
		oracle.Exchange
		oracle.Swap
	}
	of := map[string]amounts{}
	var id string
	var texts [8]string
	columns := []any{&id}
	for i := range texts {
		columns = append(columns, &texts[i])
	}
	_, err := pgx.ForEachRow(found, columns, func() error {
		var x amounts
		near := &x.NearExchange
		err := decimals(texts[:], &x.Base, &x.Quote, &x.Value, &x.Far, &x.Near, &near.Base, &near.Quote, &near.Value)
		of[id] = x
		return err
	})
	for i, r := range e.Reservations {
		e.Reservations[i].Exchange, e.Reservations[i].Swap = of[r.ID].Exchange, of[r.ID].Swap
	}
	return err
}

func usage(row pgx.CollectableRow) (u oracle.Usage, err error) {
	var reserved, consumed string
	if err = row.Scan(&u.Node, &reserved, &consumed); err != nil {
		return u, err
	}
	return u, decimals([]string{reserved, consumed}, &u.Reserved, &u.Consumed)
}

func settlement(row pgx.CollectableRow) (s oracle.SettlementUsage, err error) {
	var used string
	if err = row.Scan(&s.Node, &s.ValueDate, &used); err != nil {
		return s, err
	}
	return s, decimals([]string{used}, &s.Used)
}

// decimals reads numbers that the database hands out as texts: a float would not be the same number.
func decimals(texts []string, into ...*decimal.Decimal) (err error) {
	for i, text := range texts {
		if *into[i], err = decimal.NewFromString(text); err != nil {
			return err
		}
	}
	return nil
}
