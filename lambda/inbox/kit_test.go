package inbox_test

import (
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// numbered returns an event of the test's one story. The number makes its id.
func numbered(t testing.TB, typ event.Type, number int, data any) event.Event {
	t.Helper()
	e, err := event.New(typ, event.NewID(testkit.Day, strconv.Itoa(number)), "here", "story", data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func execute(t testing.TB, db *pgxpool.Pool, statement string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
