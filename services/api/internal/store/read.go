package store

import (
	"context"
	_ "embed" // the queries
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/services/api/internal/blotter"
)

var (
	//go:embed queries/get.sql
	getSQL string
	//go:embed queries/list.sql
	listSQL string
)

// ErrNone says that there is no such row.
var ErrNone = errors.New("not found")

// Model reads the read model.
type Model struct{ Pool *pgxpool.Pool }

// Get returns what is known of a trade. The id must be a UUID. Error: ErrNone.
func (m Model) Get(ctx context.Context, id string) (*blotter.Facts, error) {
	var document []byte
	err := m.Pool.QueryRow(ctx, getSQL, id).Scan(&document)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, ErrNone
	}
	if err != nil {
		return nil, fmt.Errorf("read trade %s: %w", id, err)
	}
	var f blotter.Facts
	return &f, json.Unmarshal(document, &f)
}

// Filter selects trades. An empty field takes all.
type Filter struct {
	Client, Desk, State, Pair, Product, Provider string

	From, To string // trade dates, YYYY-MM-DD
}

// Place is where a trade stands in a list: by the transaction that changed it last, then by id. The zero Place is the beginning.
type Place struct{ Changed, ID string }

// Row is a trade in a list.
type Row struct {
	Place

	Facts blotter.Facts
}

// List returns at most limit trades after a place, those that changed last first.
func (m Model) List(ctx context.Context, f Filter, after Place, limit int) ([]Row, error) {
	rows, err := collect(ctx, m, readRow, listSQL, f.arguments(after, limit)...)
	if err != nil {
		return nil, fmt.Errorf("list trades: %w", err)
	}
	return rows, nil
}

// arguments are those of the list's query.
func (f Filter) arguments(after Place, limit int) []any {
	return []any{
		wish(f.Client), wish(f.Desk), wish(f.State), wish(f.Pair), wish(f.Product), wish(f.Provider), wish(f.From), wish(f.To),
		wish(after.Changed), wish(after.ID), limit,
	}
}

func readRow(row pgx.CollectableRow) (r Row, err error) {
	var document []byte
	if err := row.Scan(&r.ID, &r.Changed, &document); err != nil {
		return r, err
	}
	return r, json.Unmarshal(document, &r.Facts)
}

// wish returns nil for an empty text.
func wish(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// Decided returns those of the trades and line checks of which the outcome is known.
func (m Model) Decided(ctx context.Context, ids []string) ([]string, error) {
	rows, err := m.Pool.Query(ctx, `select id::text from trade where id = any ($1::uuid[]) and state not in ('', 'pending')
		union all select id::text from linecheck where id = any ($1::uuid[]) and state <> 'pending'`, ids)
	if err != nil {
		return nil, fmt.Errorf("look for outcomes: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
