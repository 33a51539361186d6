package store

import (
	"context"
	_ "embed" // the queries
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/event"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract"
)

var (
	//go:embed queries/claim.sql
	claimSQL string
	//go:embed queries/first.sql
	firstSQL string
)

// ErrKeyReused says that the key came with another request before.
var ErrKeyReused = errors.New("the idempotency key came with another request before")

// Asked is a request that a caller made under a key.
type Asked struct {
	Owner, Key string
	Digest     string // of the content
	Subject    string // id of the trade, the line check or the command
	Event      event.Event
	Published  bool
	Pending    Pending // not in what Claim returns; nil if nothing is shown
}

// Claim stores the request under its key together with what is pending, unless the key came before. It returns what came first
// under the key: a. While that has not been published, a repeat renews its deadline. Error: ErrKeyReused.
func (m Model) Claim(ctx context.Context, a Asked) (first Asked, err error) {
	fresh := false
	err = pgx.BeginFunc(ctx, m.Pool, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, claimSQL, a.Owner, a.Key, a.Digest, a.Subject, string(event.Append(nil, a.Event)))
		fresh = err == nil && tag.RowsAffected() > 0
		if !fresh || a.Pending == nil {
			return err
		}
		return a.Pending.insert(ctx, tx)
	})
	if err != nil {
		return a, fmt.Errorf("claim the key: %w", err)
	}
	first, err = m.first(ctx, a)
	if err != nil || fresh || first.Published || a.Event.Deadline.IsZero() {
		return first, err
	}
	first.Event = renewed(first.Event, a.Event)
	return first, m.renew(ctx, first)
}

// renewed returns a stored event with the deadline of its repeat. A request for a command is sealed together with its deadline: the repeat as a whole takes its
// place, or auth could not open it.
func renewed(stored, repeat event.Event) event.Event {
	if stored.Type == contract.CommandRequested && stored.ID == repeat.ID {
		return repeat
	}
	stored.Deadline = repeat.Deadline
	return stored
}

// renew stores the event of a request again, unless that was published.
func (m Model) renew(ctx context.Context, a Asked) error {
	_, err := m.Pool.Exec(ctx, "update request set event = $3 where owner = $1 and key = $2 and not published",
		a.Owner, a.Key, string(event.Append(nil, a.Event)))
	if err != nil {
		return fmt.Errorf("renew the deadline of a request: %w", err)
	}
	return nil
}

// Pending is what the read model shows until a message tells more.
type Pending interface {
	insert(ctx context.Context, tx pgx.Tx) error
}

// PendingTrade is a trade that was asked for.
type PendingTrade struct {
	Request blotter.Request
	Caller  *blotter.Caller
}

// insert makes the trade's row, unless a message about it has come already.
func (p PendingTrade) insert(ctx context.Context, tx pgx.Tx) error {
	id := p.Request.TradeID
	var b pgx.Batch
	found := QueueLock(&b, []string{id})
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	trade, there := found[id]
	switch {
	case !there:
		trade = &blotter.Facts{}
	case trade.Request != nil:
		return nil
	}
	trade.Ask(p.Request, p.Caller)
	var w pgx.Batch
	var row columns
	row.add(id, trade)
	if there {
		row.queue(&w, writeSQL)
	} else {
		row.queue(&w, addSQL+" on conflict (id) do nothing") // a message about it has come just now: it says more
	}
	return tx.SendBatch(ctx, &w).Close()
}

// PendingCheck is a line check that was asked for.
type PendingCheck blotter.Check

// insert makes the check's row, unless a message about it has come already.
func (p PendingCheck) insert(ctx context.Context, tx pgx.Tx) error {
	var b pgx.Batch
	QueueChecks(&b, []blotter.Check{blotter.Check(p)})
	return tx.SendBatch(ctx, &b).Close()
}

// Accepted tells whether the broker has a request that came before under the key.
func (m Model) Accepted(ctx context.Context, a Asked) (accepted bool, err error) {
	err = m.Pool.QueryRow(ctx, "select exists (select from request where owner = $1 and key = $2 and published)", a.Owner, a.Key).Scan(&accepted)
	if err != nil {
		return false, fmt.Errorf("look for the key: %w", err)
	}
	return accepted, nil
}

func (m Model) first(ctx context.Context, a Asked) (Asked, error) {
	first := Asked{Owner: a.Owner, Key: a.Key}
	var body []byte
	if err := m.Pool.QueryRow(ctx, firstSQL, a.Owner, a.Key).Scan(&first.Digest, &first.Subject, &body, &first.Published); err != nil {
		return a, fmt.Errorf("read the first request: %w", err)
	}
	if first.Digest != a.Digest {
		return a, ErrKeyReused
	}
	var err error
	first.Event, err = eventIn(body)
	return first, err
}

// Published notes that the broker has the request's event.
func (m Model) Published(ctx context.Context, a Asked) error {
	_, err := m.Pool.Exec(ctx, "update request set published = true where owner = $1 and key = $2", a.Owner, a.Key)
	return err
}
