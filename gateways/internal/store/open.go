package store

import (
	"context"
	"embed"
	"fmt"
	"time"
)

// Migrations make the gateway's tables.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

//go:embed queries/open.sql
var openQuery string

const openBound = 10 * time.Second

// Open reads the session as the last holder left it, and writes the caller's epoch into the row. From then on an instance
// with an older epoch cannot write. Call it once, before all other methods. Errors: ErrFenced if a newer epoch has the
// session; those of Postgres.
func (s *Session) Open(ctx context.Context, epoch int64) error {
	ctx, cancel := context.WithTimeout(ctx, openBound)
	defer cancel()
	var r row
	err := s.pool.QueryRow(ctx, openQuery, s.name, epoch, beginning()).
		Scan(&r.id, &r.epoch, &r.generation, &r.created, &r.nextIn, &r.nextOut, &r.recallFrom)
	if err != nil {
		return fmt.Errorf("open session %s: %w", s.name, err)
	}
	if r.epoch != epoch {
		return fmt.Errorf("open session %s with epoch %d, it has %d: %w", s.name, epoch, r.epoch, ErrFenced)
	}
	r.created = r.created.UTC()
	known, err := s.readRefused(ctx, r)
	if err != nil {
		return fmt.Errorf("open session %s: %w", s.name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.row = r
	s.refused = refusals{known: known}
	s.covered = covered{r.generation, r.nextOut - 1}
	s.broadcast()
	return nil
}
