package store_test

import (
	"fmt"
	"strconv"
	"testing"
)

// However many trades one transaction changes, the stream goes on: they come together, and a position is between transactions.
func TestWhatOneTransactionChangedStaysTogether(t *testing.T) {
	pool, f := setUp(t)
	add := func(trades int) (at uint64) {
		var text string
		err := pool.QueryRow(t.Context(), `with added as (insert into trade (id, state, facts)
			select gen_random_uuid(), 'registered', '{}' from generate_series(1, $1) returning changed) select max(changed)::text from added`, trades).Scan(&text)
		if err == nil {
			at, err = strconv.ParseUint(text, 10, 64)
		}
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	first, second, third := add(1), add(5), add(1)
	read := func(from uint64) string {
		trades, reached, err := f.Model.Changes(t.Context(), from, third+1, 2)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(len(trades), reached)
	}
	for from, want := range map[uint64]string{
		first:      fmt.Sprint(6, second+1),
		second:     fmt.Sprint(5, second+1),
		second + 1: fmt.Sprint(1, third+1),
		third + 1:  fmt.Sprint(0, third+1),
	} {
		if got := read(from); got != want {
			t.Errorf("from %d: %s, want %s", from, got, want)
		}
	}
}
