package store_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"fxcore/lambda/inbox"
	"fxcore/lambda/postgres/postgrestest"
	"fxcore/services/settlement/internal/store"
)

// The database refuses an entry of a book that is none of the bank's kinds, or has no name.
func TestOnlyTheBanksBooksHaveEntries(t *testing.T) {
	pool := postgrestest.Schema(t, inbox.Migrations, store.Migrations)
	book := func(from, to string) error {
		_, err := pool.Exec(t.Context(), `insert into transfer (posting, number, reason, currency, amount, value_date, from_book, to_book, booked_at)
			values (gen_random_uuid(), 1, 'deal', 'EUR', 1, '2026-11-26', $1, $2, now())`, from, to)
		return err
	}
	for _, good := range []string{"desk/F", "client/C000001", "account/4711", "nostro/EUR", "suspense/EUR"} {
		if err := errors.Join(book(good, "desk/OTHER"), book("desk/OTHER", good)); err != nil {
			t.Error(err)
		}
	}
	for _, bad := range []string{"", "desk", "desk/", "desks/F", " desk/F", "Client/C000001", "branch/F"} {
		for _, err := range []error{book(bad, "desk/OTHER"), book("desk/OTHER", bad)} {
			if refused := new(pgconn.PgError); !errors.As(err, &refused) || refused.Code != "23514" {
				t.Errorf("book %q: %v", bad, err)
			}
		}
	}
}

// What a person asks for on call does not read the whole ledger either.
func TestTheNostroBooksAreFoundByAnIndex(t *testing.T) {
	pool := grown(t)
	if p := explain(t, pool, "select * from balance where book like 'nostro/%'"); !strings.Contains(p, "transfer_to_nostro") || strings.Contains(p, "Seq Scan") {
		t.Error(p)
	}
}
