package lease

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// The times of a wish, all by the database's clock.
const (
	wishLasts  = 5 * time.Second        // after that a wish is void
	wishRipens = 150 * time.Millisecond // before that the holder ignores it; longer than a poll, so that the wished replica knows of it
	reserved   = 500 * time.Millisecond // for so long after the expiry only the wished replica may take the name
	closely    = 10 * time.Millisecond  // between two looks of the wished replica
)

// Rows is a pool or a connection whose search_path has the table lease.
type Rows interface {
	Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error)
}

// Wish asks the holder of a grant to give its name to a replica, which is the argument of that replica's [Identity]. Any
// process may ask. noted is false if the grant is over. A wish ends when a process takes the name, when another wish replaces
// it, or after five seconds. A wish for the holder itself does nothing.
func Wish(ctx context.Context, db Rows, g Grant, replica string) (noted bool, err error) {
	tag, err := db.Exec(ctx, wishFor, g.Name, g.Epoch, replica, wishLasts)
	if err != nil {
		return false, fmt.Errorf("wish lease %s for %s: %w", g.Name, replica, err)
	}
	return tag.RowsAffected() > 0, nil
}

// replicaOf returns the replica of an Identity.
func replicaOf(holder string) string {
	if end := strings.LastIndexByte(holder, '/'); end >= 0 {
		return holder[:end]
	}
	return holder
}
