package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/follow"
	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract/access"
)

// resealPause is how long it takes at most until a change of keys is noticed.
const resealPause = time.Second

// resealing seals all credentials by the key in use, whenever that is another one. Every replica does it; to do it twice is harmless. Afterwards nothing
// that is kept needs the key before.
type resealing struct {
	db   *pgxpool.Pool
	keys *follow.File[access.Keys]
	log  *slog.Logger
	done atomic.Pointer[string] // the public key by which all credentials are sealed
}

func (r *resealing) run(ctx context.Context) error {
	tick := time.NewTicker(resealPause)
	defer tick.Stop()
	for {
		if r.left() > 0 {
			r.reseal(ctx)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// left is 0 once no credential is sealed by a key before the one in use.
func (r *resealing) left() int64 {
	done := r.done.Load()
	if done != nil && *done == r.keys.Now()[0].Public().String() {
		return 0
	}
	return 1
}

// reseal leaves credentials alone that no key opens: nobody comes in by them, until on-call sets them anew.
func (r *resealing) reseal(ctx context.Context) {
	keys, sealed, lost := r.keys.Now(), 0, 0
	all, err := store.Credentials(ctx, r.db)
	for _, one := range all {
		now, changed, fault := credential.Reseal(keys, one.User, one.Text)
		if fault != nil {
			lost++
		}
		if changed && err == nil {
			err = store.Reseal(ctx, r.db, one, now)
			sealed++
		}
	}
	if err != nil {
		r.log.WarnContext(ctx, "credentials are not yet sealed by the new key", "error", err)
		return
	}
	if sealed > 0 || lost > 0 {
		r.log.InfoContext(ctx, "credentials are sealed by the key in use", "sealed_anew", sealed, "opened_by_no_key", lost)
	}
	public := keys[0].Public().String()
	r.done.Store(&public)
}
