package main

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// outdatedPause is how long it takes at most until a change of the static data is noticed.
const outdatedPause = 2 * time.Second

// outdated revokes the tokens of users who have left the bank, or whose role or desk has changed. Every replica runs it. They publish the
// same command, which is carried out once.
type outdated struct {
	pool   *pgxpool.Pool
	static steps.Static
	bus    publisher
	source string
	log    *slog.Logger
}

type publisher interface {
	Publish(ctx context.Context, events ...event.Event) error
}

func (o outdated) run(ctx context.Context) error {
	tick := time.NewTicker(outdatedPause)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case now := <-tick.C:
			if err := o.look(ctx, now); err != nil && ctx.Err() == nil {
				o.log.Warn("tokens are not compared with the users, trying again", "error", err)
			}
		}
	}
}

// look compares the live tokens with the users once. It revokes nothing while the list of users is missing or too old.
func (o outdated) look(ctx context.Context, now time.Time) error {
	users := o.static.Directory().Users
	if !users.Usable(now) {
		return nil
	}
	live, err := store.LiveTokens(ctx, o.pool, now)
	if err != nil {
		return err
	}
	for _, t := range live {
		if why := outdatedBy(t, users.Records); why != "" {
			if err := o.revoke(ctx, t, why, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// outdatedBy returns what has changed since a token was issued; empty if nothing has.
func outdatedBy(t *store.Token, users map[string]authorization.User) string {
	user, known := users[t.User]
	switch {
	case !known:
		return "the user is no longer in the bank's list of users"
	case !slices.Equal(t.Roles, []string{user.Role}):
		return "the user's role has changed"
	case t.Desk != user.Desk:
		return "the user's desk has changed"
	}
	return ""
}

func (o outdated) revoke(ctx context.Context, t *store.Token, why string, now time.Time) error {
	id := event.NewID(event.DayOf(t.IssuedAt), contract.TokenCommanded.Name, "outdated", t.Hash, why) // the same in each replica
	e, err := event.New(contract.TokenCommanded, id, contract.Operations, id, access.Revoke{TokenHash: t.Hash, By: "auth", Reason: why})
	if err != nil {
		return err
	}
	e.Time, e.Source = now.UTC(), o.source
	return o.bus.Publish(ctx, e)
}
