package traffic

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const agreeBound = 20 * time.Second

// Agree waits until the provider's sequence numbers are those that the gateways have stored. The next instance that
// serves the session begins with the stored ones.
func (t *trader) Agree(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, agreeBound)
	defer cancel()
	conn, err := pgx.Connect(ctx, t.setting.Postgres)
	if err != nil {
		return fmt.Errorf("read sequence numbers: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		differ := t.differ(ctx, conn)
		if differ == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return differ
		case <-tick.C:
		}
	}
}

func (t *trader) differ(ctx context.Context, conn *pgx.Conn) error {
	var in, out int
	if err := conn.QueryRow(ctx, t.numbers, t.Provider()).Scan(&in, &out); err != nil {
		return fmt.Errorf("read sequence numbers of %s: %w", t.Provider(), err)
	}
	if sends, expects := t.Numbers(); sends != in || expects != out {
		return fmt.Errorf("%s sends %d and expects %d, its gateway expects %d and sends %d", t.Provider(), sends, expects, in, out)
	}
	return nil
}
