package watch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// book reads the services' tables. It keeps its connection, which is read-only.
type book struct {
	url     string
	hops    []hop // the way of a trade through the services
	conn    *pgx.Conn
	counted counts
	settled settled
}

func (b *book) look(ctx context.Context, r *Report) error {
	if err := b.open(ctx); err != nil {
		return err
	}
	for _, part := range []func(context.Context, *Report) error{b.counts, b.speed, b.last, b.jobs, b.settlements, b.failed} {
		if err := part(ctx, r); err != nil && !notThereYet(err) {
			b.close()
			return err
		}
	}
	return nil
}

// failed counts the messages that failed and about which nobody has decided: monitoring takes them out of the error queue.
func (b *book) failed(ctx context.Context, r *Report) error {
	var open int
	err := b.conn.QueryRow(ctx, "select count(*) from monitoring.failed_message where state in ('open', 'replaying')").Scan(&open)
	r.ErrorQueue += open
	return err
}

func (b *book) open(ctx context.Context) error {
	if b.conn != nil && !b.conn.IsClosed() {
		return nil
	}
	settings, err := pgx.ParseConfig(b.url)
	if err != nil {
		return errors.New("connect to PostgreSQL: its address is not valid")
	}
	settings.RuntimeParams["default_transaction_read_only"] = "on"
	settings.RuntimeParams["application_name"] = "fxcore"
	settings.RuntimeParams["statement_timeout"] = "2000"
	if b.conn, err = pgx.ConnectConfig(ctx, settings); err != nil {
		return fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	return nil
}

func (b *book) close() {
	if b.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = b.conn.Close(ctx)
	b.conn = nil
}

// notThereYet reports whether a table is missing: a service makes its tables when it first starts.
func notThereYet(err error) bool {
	const undefinedTable, invalidSchema = "42P01", "3F000"
	var known *pgconn.PgError
	return errors.As(err, &known) && (known.Code == undefinedTable || known.Code == invalidSchema)
}
