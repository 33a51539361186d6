// Package store keeps which request came first, in the table request.
package store

import (
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/contract"
)

// Migrations make the schema of auth.
//
//go:embed migrations/*.sql
var Migrations embed.FS

var (
	//go:embed queries/claim.sql
	claimSQL string
	//go:embed queries/claim_new.sql
	claimNewSQL string
	//go:embed queries/first.sql
	firstSQL string
	//go:embed queries/purge.sql
	purgeSQL string
)

// Claim is one event's claim to be the first of its request.
type Claim struct {
	ID        string // of the request: a UUID in lower case
	Digest    string
	Event     string // a UUID in lower case
	TradeDate string // YYYY-MM-DD
}

// Validate reports what would make the database refuse the claim, and with it the whole batch.
func (c Claim) Validate() error {
	if err := errors.Join(contract.CheckIsID("request id", c.ID), contract.CheckIsID("event id", c.Event)); err != nil {
		return fmt.Errorf("claim: %w", err)
	}
	if _, err := time.Parse(time.DateOnly, c.TradeDate); err != nil {
		return fmt.Errorf("claim %s: trade date: %w", c.ID, err)
	}
	if c.Digest == "" {
		return fmt.Errorf("claim %s: no digest", c.ID)
	}
	return nil
}

// First is the request that came first under an id.
type First struct {
	Event  string
	Digest string
}

// Firsts are known once the batch was sent.
type Firsts map[string]First

// QueueClaims makes each claim that nobody made before, and finds who came first for each id.
func QueueClaims(b *pgx.Batch, claims []Claim) Firsts {
	ids, digests, events, dates := columns(claims)
	firsts := make(Firsts, len(claims))
	b.Queue(claimSQL, ids, digests, events, dates)
	b.Queue(firstSQL, ids).Query(firsts.scan)
	return firsts
}

// QueueNewClaims makes claims that are all new, each id once. One that was made before fails the batch (23505).
func QueueNewClaims(b *pgx.Batch, claims []Claim) {
	if len(claims) == 0 {
		return
	}
	ids, digests, events, dates := columns(claims)
	b.Queue(claimNewSQL, ids, digests, events, dates)
}

func columns(claims []Claim) (ids, digests, events, dates []string) {
	n := len(claims)
	ids, digests, events, dates = make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, c := range claims {
		ids[i], digests[i], events[i], dates[i] = c.ID, c.Digest, c.Event, c.TradeDate
	}
	return ids, digests, events, dates
}

func (f Firsts) scan(rows pgx.Rows) error {
	var id string
	var first First
	_, err := pgx.ForEachRow(rows, []any{&id, &first.Digest, &first.Event}, func() error {
		f[id] = first
		return nil
	})
	if err != nil {
		return fmt.Errorf("load first requests: %w", err)
	}
	return nil
}
