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
	wishLasts  = 5 * time.Second        // from a wish to where it is void: nobody is to give a name for what was wished long ago
	wishRipens = 150 * time.Millisecond // before the holder heeds it: a poll, in which the one that is wished for begins to look closely
	reserved   = 500 * time.Millisecond // after the expiry, in which only the one that is wished for may take the name
	closely    = 10 * time.Millisecond  // between its looks
)

// Rows is where the lease table lies: a pool or a connection.
type Rows interface {
	Exec(ctx context.Context, statement string, args ...any) (pgconn.CommandTag, error)
}

// Wish asks the holder of a grant to give its name to a replica, which is the first argument of its [Identity]. Any process
// may ask. It tells whether the wish is noted: not if the grant is over. A wish ends when anybody takes the name, by
// another wish, or unfulfilled after five seconds; one for the holder itself does nothing.
func Wish(ctx context.Context, db Rows, g Grant, replica string) (noted bool, err error) {
	tag, err := db.Exec(ctx, wishFor, g.Name, g.Epoch, replica, wishLasts)
	if err != nil {
		return false, fmt.Errorf("wish lease %s for %s: %w", g.Name, replica, err)
	}
	return tag.RowsAffected() > 0, nil
}

// replicaOf is the inverse of Identity.
func replicaOf(holder string) string {
	if end := strings.LastIndexByte(holder, '/'); end >= 0 {
		return holder[:end]
	}
	return holder
}
