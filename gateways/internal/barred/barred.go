package barred

import (
	"context"
	"embed"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/log"
	"fxcore/services/contract"
)

// Migrations create the table barred, in the schema of the sessions.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

var (
	//go:embed queries/note.sql
	noteQuery string
	//go:embed queries/list.sql
	listQuery string
)

const (
	every = 500 * time.Millisecond // between two looks at the list
	bound = 5 * time.Second        // of one
)

// List is the list of barred providers.
type List struct {
	Pool    *pgxpool.Pool
	Log     *slog.Logger
	Changed func() // called when an instance has to look at its connections again; it does not wait

	mu    sync.Mutex
	known map[string]bool
}

// Types are the types of the events that change the list.
func Types() []event.Type { return []event.Type{contract.SessionBarred, contract.SessionAdmitted} }

// said is what the gateway reads of them.
type said struct {
	Provider string    `json:"provider"`
	At       time.Time `json:"at"`
	By       string    `json:"by"`
	Why      string    `json:"why"`
}

// Has reports whether a provider is barred.
func (l *List) Has(provider string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.known[provider]
}

// Read reads the list once, before anybody is admitted.
func (l *List) Read(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	rows, err := l.Pool.Query(ctx, listQuery)
	if err != nil {
		return fmt.Errorf("read who is barred: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("read who is barred: %w", err)
	}
	now := make(map[string]bool, len(names))
	for _, name := range names {
		now[name] = true
	}
	l.mu.Lock()
	same := maps.Equal(l.known, now)
	l.known = now
	l.mu.Unlock()
	if !same {
		l.Log.Warn("other providers are barred", "providers", slices.Sorted(maps.Keys(now)))
		l.Changed()
	}
	return nil
}

// Run follows the list until ctx ends. While it cannot be read, the one that was read last is in force.
func (l *List) Run(ctx context.Context) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for well := true; ; {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		err := l.Read(ctx)
		if err != nil && well && ctx.Err() == nil {
			l.Log.Warn("the list of barred providers cannot be read: the last one stays in force", "error", err)
		}
		well = err == nil
	}
}

// Handle writes what events say into the list. An event that comes again, or late, changes nothing.
func (l *List) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := make([]amqp.Result, len(events))
	for i, e := range events {
		results[i].Err = l.note(ctx, e)
	}
	return results
}

func (l *List) note(ctx context.Context, e event.Event) error {
	var s said
	if err := e.Read(&s); err != nil {
		return err
	}
	if s.Provider == "" || s.At.IsZero() || s.By == "" {
		return fmt.Errorf("read %s %s: provider, time or who said so is missing", e.Type, e.ID)
	}
	ctx, cancel := context.WithTimeout(ctx, bound)
	defer cancel()
	bars := e.Type == contract.SessionBarred
	if _, err := l.Pool.Exec(ctx, noteQuery, s.Provider, bars, s.At, s.By, s.Why); err != nil {
		return amqp.Retry(fmt.Errorf("note that %s is barred or admitted: %w", s.Provider, err))
	}
	l.Log.Warn("a person has barred or admitted a provider", log.About(e), "provider", s.Provider, "barred", bars, "user.name", s.By, "event.reason", s.Why)
	if err := l.Read(ctx); err != nil {
		return amqp.Retry(err)
	}
	return nil
}
