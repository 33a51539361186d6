package cassandra

import (
	"context"
	"fmt"

	"github.com/gocql/gocql"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// maxClaims bounds how often a claim is tried while another replica moves the head.
const maxClaims = 5

// claim makes the caller the only one who may append to a chain's day, and returns the head. Errors: ErrMoved, if others claim it too.
//
// The light-weight transaction raises the claim and removes the records behind the head. A replica that lost the chain may still
// write records. Their timestamp is that of an older claim, so the removal covers them, however late they come.
func (s *Store) claim(ctx context.Context, chain int, day event.Day) (journal.Head, error) {
	for range maxClaims {
		h, err := s.head(ctx, chain, day)
		if err != nil {
			return h, err
		}
		raised, err := s.raise(ctx, h)
		if err != nil {
			return h, failed("claim a chain", err)
		}
		if !raised {
			continue
		}
		claimed, err := s.head(ctx, chain, day)
		if err != nil || claimed.Claim.Number == h.Claim.Number+1 {
			return claimed, err
		}
	}
	return journal.Head{}, fmt.Errorf("claim a chain: %w", store.ErrMoved)
}

// raise raises the claim if the head is still h. The first claim of a day replaces none.
func (s *Store) raise(ctx context.Context, h journal.Head) (bool, error) {
	var before any
	if h.Claim.Number > 0 {
		before = h.Claim.Number
	}
	b := s.session.NewBatch(gocql.UnloggedBatch).WithContext(ctx)
	b.Query("UPDATE journal SET claim = ? WHERE day = ? AND chain = ? IF claim = ? AND head_seq = ? AND head_offset = ?",
		h.Claim.Number+1, int(h.Day), h.Chain, before, h.Seq, h.Offset)
	b.Query("DELETE FROM journal WHERE day = ? AND chain = ? AND seq > ?", int(h.Day), h.Chain, h.Seq)
	raised, rows, err := s.session.MapExecuteBatchCAS(b, map[string]any{})
	if rows != nil {
		_ = rows.Close()
	}
	return raised, err
}
