package lease

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// dialBound is how long one attempt to connect may take. It is longer than a statement's bound: after an outage every process
// connects at once, the server accepts slowly, and attempts that are given up too early would only add to its load.
const dialBound = time.Second

// link is one connection. It is opened when it is needed, and again after each error. With a pool, a renewal could have to wait
// for connections that still hang.
type link struct {
	config  *pgx.ConnConfig
	before  func(context.Context, *pgx.ConnConfig) error // completes a copy of the config; nil: it is complete
	conn    *pgx.Conn
	dialing chan dialed // not nil while an attempt to connect is under way
	abandon context.CancelFunc
}

type dialed struct {
	conn *pgx.Conn
	err  error
}

// query hands the rows of one statement to read. After an error it drops the connection: the statement may still run on it, and
// would delay the next one.
func (l *link) query(ctx context.Context, statement string, args []any, read func(rows pgx.Rows) error) error {
	if err := l.connected(ctx); err != nil {
		return err
	}
	rows, err := l.conn.Query(ctx, statement, args...)
	if err == nil {
		err = read(rows)
	}
	if err != nil {
		l.drop() //nolint:contextcheck // the statement's context may have ended, and the goodbye has a bound of its own
	}
	return err
}

// connected waits for a connection. If ctx ends first, the attempt goes on, and the next statement gets its outcome.
func (l *link) connected(ctx context.Context) error {
	if l.conn != nil {
		return nil
	}
	if l.dialing == nil {
		l.dial() //nolint:contextcheck // the attempt outlives the statement that began it
	}
	select {
	case d := <-l.dialing:
		l.abandon()
		l.dialing, l.conn = nil, d.conn
		return d.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *link) dial() {
	ctx, abandon := context.WithTimeout(context.Background(), dialBound)
	outcome := make(chan dialed, 1)
	go func() {
		conn, err := l.connect(ctx)
		outcome <- dialed{conn, err}
	}()
	l.dialing, l.abandon = outcome, abandon
}

func (l *link) connect(ctx context.Context) (*pgx.Conn, error) {
	config := l.config.Copy()
	if l.before != nil {
		if err := l.before(ctx, config); err != nil {
			return nil, err
		}
	}
	return pgx.ConnectConfig(ctx, config)
}

// drop closes the socket first, because a server that hangs would not take the protocol's goodbye.
func (l *link) drop() {
	_ = l.conn.PgConn().Conn().Close()
	l.hangUp()
}

// close ends the connection, or the attempt to connect.
func (l *link) close() {
	if l.dialing != nil {
		l.abandon()
		l.conn = (<-l.dialing).conn
		l.dialing = nil
	}
	if l.conn != nil {
		l.hangUp()
	}
}

func (l *link) hangUp() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = l.conn.Close(ctx)
	l.conn = nil
}
