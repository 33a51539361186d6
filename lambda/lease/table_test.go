package lease

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/postgres/postgrestest"
	"fxcore/lambda/testkit"
)

const long = time.Hour // nothing expires by itself

func TestOnlyWhatIsFreeIsTaken(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other := rowsOf(t, db, "one"), rowsOf(t, db, "other")
	taken(t, one, names("a", "b"), grants("a", 1, "b", 1))
	taken(t, one, names("a"), nil) // not even from oneself: what came of the first take is not known to be ours
	taken(t, other, names("a", "b", "c"), grants("c", 1))
	expire(t, db, "b")
	taken(t, other, names("a", "b", "c"), grants("b", 2))
}

func TestOnlyTheHolderRenewsItsEpochUntilItExpires(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other := rowsOf(t, db, "one"), rowsOf(t, db, "other")
	taken(t, one, names("a", "b", "c"), grants("a", 1, "b", 1, "c", 1))
	expire(t, db, "b")
	renewed(t, one, grants("a", 1, "b", 1, "c", 7, "missing", 1), grants("a", 1), grants("b", 1, "c", 7, "missing", 1))
	renewed(t, other, grants("a", 1), nil, grants("a", 1))
}

func TestAReleasedLeaseIsFreeAtOnceAndStaysReleased(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other := rowsOf(t, db, "one"), rowsOf(t, db, "other")
	taken(t, one, names("a", "b"), grants("a", 1, "b", 1))
	released(t, one, grants("a", 1, "b", 9)) // of b another epoch
	renewed(t, one, grants("a", 1), nil, grants("a", 1))
	taken(t, other, names("a", "b"), grants("a", 2))
	released(t, one, grants("a", 1)) // late
	renewed(t, other, grants("a", 2), grants("a", 2), nil)
}

// A process that waits for a lease learns when it expires, if that is before its next poll.
func TestWhoWaitsLearnsWhenALeaseExpires(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one := rowsOf(t, db, "one")
	often := newTable(db.Config(), "often", Config{reserved: long, Poll: time.Minute})
	t.Cleanup(often.close)
	taken(t, one, names("a", "b"), grants("a", 1, "b", 1))
	set := func(left string) {
		if _, err := db.Exec(t.Context(), `update lease set expires_at = clock_timestamp() + $1::interval where name = 'a'`, left); err != nil {
			t.Fatal(err)
		}
	}
	for left, want := range map[string]time.Duration{"2 minutes": 0, "50 seconds": 50 * time.Second} {
		set(left)
		_, again, err := often.take(bounded(t), names("a", "b"), long)
		if err != nil || again > want || again < want-40*time.Second {
			t.Errorf("%s left: look again after %s, %v", left, again, err)
		}
	}
}

func TestALockedRowDelaysNoOther(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one := rowsOf(t, db, "one")
	taken(t, one, names("a", "b", "c", "d"), grants("a", 1, "b", 1, "c", 1, "d", 1))
	expire(t, db, "c", "d")
	tx, err := db.Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), `select from lease where name in ('a', 'c') for update`)
	}
	if err != nil {
		t.Fatal(err)
	}
	renewed(t, one, grants("a", 1, "b", 1), grants("b", 1), nil) // of a nothing is said
	taken(t, one, names("c", "d"), grants("d", 2))
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	renewed(t, one, grants("a", 1, "b", 1), grants("a", 1, "b", 1), nil)
}

// Many processes want hundreds of names at once. Each name goes to exactly one of them, whether rows are new or taken over.
func TestEachNameIsTakenOnceByMany(t *testing.T) {
	t.Parallel()
	db := schema(t)
	var wanted []string
	for i := range 300 {
		wanted = append(wanted, fmt.Sprintf("name-%03d", i))
	}
	for epoch := int64(1); epoch <= 3; epoch++ {
		takers := make([][]Grant, 4)
		var group sync.WaitGroup
		for i := range takers {
			one := rowsOf(t, db, fmt.Sprintf("taker-%d-%d", epoch, i))
			group.Go(func() { takers[i], _, _ = one.take(t.Context(), wanted, long) })
		}
		group.Wait()
		owners := map[string]int{}
		for i, grants := range takers {
			for _, g := range grants {
				if owners[g.Name]++; g.Epoch != epoch {
					t.Errorf("taker %d has %v in round %d", i, g, epoch)
				}
			}
		}
		for _, name := range wanted {
			if owners[name] != 1 {
				t.Fatalf("round %d: %s has %d owners", epoch, name, owners[name])
			}
		}
		expire(t, db, wanted...)
	}
}

func schema(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return postgrestest.Schema(t, Migrations)
}

func rowsOf(t *testing.T, db *pgxpool.Pool, holder string) *table {
	t.Helper()
	one := newTable(db.Config(), holder, Config{reserved: long})
	t.Cleanup(one.close)
	return one
}

func names(list ...string) []string { return list }

func grants(pairs ...any) (list []Grant) {
	for i := 0; i < len(pairs); i += 2 {
		list = append(list, Grant{pairs[i].(string), int64(pairs[i+1].(int))})
	}
	return list
}

var unordered = cmp.Options{
	cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b Grant) bool { return a.Name < b.Name }),
}

func taken(t *testing.T, rows rows, names []string, want []Grant) {
	t.Helper()
	got, _, err := rows.take(bounded(t), names, long)
	if diff := cmp.Diff(want, got, unordered); err != nil || diff != "" {
		t.Errorf("take %v: %v, %s", names, err, diff)
	}
}

func renewed(t *testing.T, rows rows, asked, want, refused []Grant) {
	t.Helper()
	got, err := rows.renew(bounded(t), asked, long)
	if err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff([][]Grant{want, refused}, [][]Grant{got.renewed, got.refused}, unordered); diff != "" {
		t.Errorf("renew %v: %s", asked, diff)
	}
}

func released(t *testing.T, rows rows, grants []Grant) {
	t.Helper()
	if err := rows.release(bounded(t), grants); err != nil {
		t.Errorf("release %v: %v", grants, err)
	}
}

func expire(t *testing.T, db *pgxpool.Pool, names ...string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), `update lease set expires_at = clock_timestamp() where name = any($1)`, names); err != nil {
		t.Fatal(err)
	}
}

func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// The connections for renewals and releases are open before there is anything to renew or release, also after a restart of the
// server. Otherwise the time to connect could cost a lease, or leave a given name without a holder.
func TestConnectionsAreKeptWhileTheyAreNotNeeded(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other := rowsOf(t, db, "one"), rowsOf(t, db, "other")
	renewed(t, one, nil, nil, nil)
	released(t, one, nil)
	if one.renewals.conn == nil || one.parting.conn == nil {
		t.Fatal("nothing is connected")
	}
	if _, err := db.Exec(t.Context(), `select pg_terminate_backend($1)`, one.parting.conn.PgConn().PID()); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "the dead connection to be found", 20*time.Second, func() error {
		if err := one.release(bounded(t), nil); err == nil {
			return errors.New("it still works")
		}
		return nil
	})
	released(t, one, nil)
	taken(t, one, names("a"), grants("a", 1))
	released(t, one, grants("a", 1))
	taken(t, other, names("a"), grants("a", 2))
}
