package lease

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// link is one connection, opened when it is needed and again after each error. A pool would make a renewal wait for the
// connections that a hanging server has not let go yet.
type link struct {
	config *pgx.ConnConfig
	conn   *pgx.Conn
}

// query hands the rows of one statement to read. After an error the connection is dropped: what became of the statement is
// unknown, and the next one shall not find out the hard way.
func (l *link) query(ctx context.Context, statement string, args []any, read func(rows pgx.Rows) error) error {
	if l.conn == nil {
		conn, err := pgx.ConnectConfig(ctx, l.config)
		if err != nil {
			return err
		}
		l.conn = conn
	}
	rows, err := l.conn.Query(ctx, statement, args...)
	if err == nil {
		err = read(rows)
	}
	if err != nil {
		l.drop()
	}
	return err
}

// drop does not say goodbye: the server may not be listening.
func (l *link) drop() {
	_ = l.conn.PgConn().Conn().Close()
	l.close()
}

func (l *link) close() {
	if l.conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
	l.conn = nil
}
