package traffic

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const agreeBound = 20 * time.Second

// Agree holds the provider's numbers against those that the gateways have stored: whichever instance serves the session
// next begins there.
func (f *fix) Agree(ctx context.Context) error {
	const query = "select next_in, next_out from fixgateway.session where name like '%->' || $1"
	return agree(ctx, f.setting.Postgres, f.Provider(), query, f.Numbers)
}

// agree waits until both sides have the same numbers: of the next message to the gateway, and of the next one from it.
func agree(ctx context.Context, postgres, provider, query string, numbers func() (out, in int)) error {
	ctx, cancel := context.WithTimeout(ctx, agreeBound)
	defer cancel()
	conn, err := pgx.Connect(ctx, postgres)
	if err != nil {
		return fmt.Errorf("read sequence numbers: %w", err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		differ := differ(ctx, conn, provider, query, numbers)
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

func differ(ctx context.Context, conn *pgx.Conn, provider, query string, numbers func() (out, in int)) error {
	var in, out int
	if err := conn.QueryRow(ctx, query, provider).Scan(&in, &out); err != nil {
		return fmt.Errorf("read sequence numbers of %s: %w", provider, err)
	}
	if sends, expects := numbers(); sends != in || expects != out {
		return fmt.Errorf("%s sends %d and expects %d, its gateway expects %d and sends %d", provider, sends, expects, in, out)
	}
	return nil
}
