// Package store keeps the first request of each id, in the table request.
package store

import (
	"embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/postgres/daily"
	"fxcore/services/contract"
)

// Migrations creates the schema of auth.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/claim.sql
	claimSQL string
	//go:embed queries/claim_new.sql
	claimNewSQL string
	//go:embed queries/first.sql
	firstSQL string
)

// Claim says that an event is the first request of an id.
type Claim struct {
	ID        string // id of the request: a UUID in lower case
	Digest    string
	Event     string // id of the event: a UUID in lower case
	TradeDate string // YYYY-MM-DD
}

// Validate returns an error if Postgres would refuse the claim. One such claim would fail the whole batch.
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

// First is the first request of an id.
type First struct {
	Event  string // id of its event
	Digest string
}

// Firsts maps the id of a request to its first request. It is filled when the batch has been sent.
type Firsts map[string]First

// QueueClaims queues the claims and the query for the first request of each id. It leaves a claim out if the id is
// claimed already.
func QueueClaims(b *pgx.Batch, claims []Claim) Firsts {
	ids, digests, events, dates := columns(claims)
	firsts := make(Firsts, len(claims))
	b.Queue(claimSQL, ids, digests, events, dates)
	lowest, highest := daily.Span(ids)
	b.Queue(firstSQL, ids, lowest, highest).Query(firsts.scan)
	return firsts
}

// QueueNewClaims queues the insert of claims that must all be new, each id once. It fails the batch (23505) if an id is
// claimed already.
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
