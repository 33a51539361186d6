package lease

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/testkit"
)

// three programs want "a" and the first one holds it.
func three(t *testing.T, cfg Config) (db *pgxpool.Pool, first, second, third *program) {
	t.Helper()
	db = fenced(t, "a")
	first = launch(t, db, "first", cfg)
	first.keeper.Want("a")
	first.holds(t, "a")
	second, third = launch(t, db, "second", cfg), launch(t, db, "third", cfg)
	for _, p := range []*program{second, third} {
		p.keeper.Want("a")
		testkit.Eventually(t, p.holder+" to have looked", 30*time.Second, func() error { return p.keeper.Settled(t.Context()) })
	}
	return db, first, second, third
}

func wish(t *testing.T, db *pgxpool.Pool, epoch int64, replica string) {
	t.Helper()
	if noted, err := Wish(bounded(t), db, Grant{"a", epoch}, replica); err != nil || !noted {
		t.Fatalf("noted: %v, error %v", noted, err)
	}
}

// Where a test says so, a name stays reserved however slow the machine is.
var (
	hour    = Config{Length: time.Hour, Renew: 50 * time.Millisecond, Poll: 50 * time.Millisecond, reserved: long}
	patient = Config{Length: usual.Length, Renew: usual.Renew, Poll: usual.Poll, reserved: long}
	brief   = Config{Length: time.Hour, Renew: 50 * time.Millisecond, Poll: 50 * time.Millisecond}
)

// endless has a tenant of p go on until it may end.
func endless(t *testing.T, p *program) (mayEnd func()) {
	t.Helper()
	p.tenants.Lock()
	locked := true
	mayEnd = func() {
		if locked {
			locked = false
			p.tenants.Unlock()
		}
	}
	t.Cleanup(mayEnd)
	return mayEnd
}

// givesUp waits until p no longer holds the name and its tenant ends.
func givesUp(t *testing.T, p *program) {
	t.Helper()
	testkit.Eventually(t, p.holder+" to give it", 30*time.Second, func() error {
		if _, held := p.keeper.Held("a"); held {
			return errors.New("it holds it")
		}
		return nil
	})
}

func TestANameGoesToWhomItIsWishedFor(t *testing.T) {
	t.Parallel()
	db, first, second, third := three(t, patient)
	wish(t, db, 1, "second")
	if epoch := second.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
	wish(t, db, 2, "first")
	if epoch := first.holds(t, "a"); epoch != 3 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
	wish(t, db, 3, "third")
	if epoch := third.holds(t, "a"); epoch != 4 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
	checkWritten(t, db)
}

func TestAWishForADeadTargetCostsHalfASecond(t *testing.T) {
	t.Parallel()
	db, first, second, third := three(t, brief)
	second.stop()
	wish(t, db, 1, "second")
	givesUp(t, first)
	testkit.Eventually(t, "one of the living to have it", 30*time.Second, func() error {
		if _, held := third.keeper.Held("a"); held || first.holdsEpoch("a") == 2 {
			return nil
		}
		return errors.New("nobody has")
	})
	if wished, _ := wishOf(t, db); wished != "" {
		t.Errorf("the wish for %s is still there: it would move the name again", wished)
	}
}

func TestAFrozenTargetIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	db, first, second, third := three(t, brief)
	second.wire.hang()
	third.stop()
	wish(t, db, 1, "second")
	givesUp(t, first)
	if epoch := first.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d", epoch)
	}
	second.wire.resume() // what it asked for then comes too late
	if epoch := first.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d after the target came back", epoch)
	}
}

// A holder that is frozen cannot give. Its lease lapses, and then the wish is honoured.
func TestAWishIsHonouredWhenTheLeaseLapses(t *testing.T) {
	t.Parallel()
	db, first, second, _ := three(t, patient)
	first.wire.hang()
	wish(t, db, 1, "second")
	if epoch := second.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
	first.wire.resume()
	checkWritten(t, db)
}

func TestWhenHolderAndTargetDieAnotherTakesIt(t *testing.T) {
	t.Parallel()
	db, first, second, third := three(t, usual)
	wish(t, db, 1, "second")
	first.proxy.Cut()
	second.proxy.Cut()
	if epoch := third.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d", epoch)
	}
	checkWritten(t, db)
}

func TestTheLastWishCounts(t *testing.T) {
	t.Parallel()
	db, first, _, third := three(t, hour)
	mayEnd := endless(t, first)
	wish(t, db, 1, "second")
	givesUp(t, first)
	wish(t, db, 1, "third") // while the tenant ends
	mayEnd()
	if epoch := third.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
}

func TestAWishWithdrawnWhileTheTenantEndsBringsTheNameBack(t *testing.T) {
	t.Parallel()
	db, first, _, _ := three(t, hour)
	mayEnd := endless(t, first)
	wish(t, db, 1, "second")
	givesUp(t, first)
	wish(t, db, 1, "first")
	mayEnd()
	if epoch := first.holds(t, "a"); epoch != 2 {
		t.Errorf("epoch %d: somebody had it between", epoch)
	}
}

func TestAWishForTheHolderDoesNothing(t *testing.T) {
	t.Parallel()
	db := schema(t)
	rows := rowsOf(t, db, "first/1")
	taken(t, rows, names("a"), grants("a", 1))
	wish(t, db, 1, "first")
	ripen(t, db)
	told, err := rows.renew(bounded(t), grants("a", 1), long)
	if err != nil || len(told.renewed) != 1 || len(told.wished) > 0 {
		t.Errorf("%+v, %v", told, err)
	}
}

func TestAWishIsAboutOneTenure(t *testing.T) {
	t.Parallel()
	db, _, _, _ := three(t, hour)
	for _, g := range []Grant{{"a", 2}, {"unknown", 1}} {
		if noted, err := Wish(bounded(t), db, g, "second"); err != nil || noted {
			t.Errorf("%v: noted: %v, %v", g, noted, err)
		}
	}
	expire(t, db, "a")
	if noted, err := Wish(bounded(t), db, Grant{"a", 1}, "second"); err != nil || noted {
		t.Errorf("an expired grant: noted: %v, %v", noted, err)
	}
}

// The holder does not hear of a wish that is younger than a poll. No replica hears of one that is void.
func TestAWishIsHeededInItsTime(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other := rowsOf(t, db, "one/1"), rowsOf(t, db, "other/1")
	taken(t, one, names("a"), grants("a", 1))
	wish(t, db, 1, "other")
	age(t, db, "-1 hour") // it was made in the future: it is not ripe for an hour
	if told, err := one.renew(bounded(t), grants("a", 1), long); err != nil || len(told.wished) > 0 {
		t.Errorf("unripe: %+v, %v", told, err)
	}
	if _, again, err := other.take(bounded(t), names("a"), long); err != nil || again != closely {
		t.Errorf("the one that is wished for does not look closely: %v", err)
	}
	wish(t, db, 1, "other")
	ripen(t, db)
	if told, err := one.renew(bounded(t), grants("a", 1), long); err != nil || len(told.wished) != 1 {
		t.Errorf("ripe: %+v, %v", told, err)
	}
	age(t, db, "5 seconds")
	if told, err := one.renew(bounded(t), grants("a", 1), long); err != nil || len(told.wished) > 0 {
		t.Errorf("void: %+v, %v", told, err)
	}
	if _, again, err := other.take(bounded(t), names("a"), long); err != nil || again != 0 {
		t.Errorf("looks closely at what is void: %v", err)
	}
}

func TestAFreeNameIsReservedForAWhile(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one, other, third := rowsOf(t, db, "one/1"), rowsOf(t, db, "other/1"), rowsOf(t, db, "third/1")
	taken(t, one, names("a"), grants("a", 1))
	for _, epoch := range []int64{1, 3} {
		wish(t, db, epoch, "other")
		expireIn(t, db, "1 hour") // as if it were released in an hour: nobody may have it
		taken(t, third, names("a"), nil)
		expireIn(t, db, "0 seconds")
		taken(t, third, names("a"), nil)
		if epoch == 1 {
			taken(t, other, names("a"), []Grant{{"a", 2}}) // who is wished for
			taken(t, third, names("a"), nil)
			expireIn(t, db, "0 seconds") // the wish has ended with the take
			taken(t, third, names("a"), []Grant{{"a", 3}})
			continue
		}
		expireIn(t, db, "-1 hour")
		taken(t, third, names("a"), []Grant{{"a", 4}}) // who is not, later
	}
}

// During a rolling update there are replicas that do not know wishes. They take names that are reserved for others, and do not
// give. A wish that they leave in the row becomes void.
func TestReplicasFromBeforeWishesGoOn(t *testing.T) {
	t.Parallel()
	db := schema(t)
	one := rowsOf(t, db, "one/1")
	taken(t, one, names("a"), grants("a", 1))
	wish(t, db, 1, "other")
	expire(t, db, "a")
	var g Grant
	if err := db.QueryRow(t.Context(), takeBeforeWishes, "old/1", names("a"), long).Scan(&g.Name, &g.Epoch); err != nil || g.Epoch != 2 {
		t.Fatalf("took %v, %v", g, err)
	}
	if wished, inForce := wishOf(t, db); wished != "other" || !inForce {
		t.Errorf("the old one knows of wishes: %q", wished)
	}
	age(t, db, "6 seconds")
	expire(t, db, "a")
	taken(t, one, names("a"), grants("a", 3)) // not reserved for the other
	if wished, _ := wishOf(t, db); wished != "" {
		t.Errorf("wish for %s", wished)
	}
}

// takeBeforeWishes is the statement of replicas that were built before the second migration.
const takeBeforeWishes = `
with wanted as (
    select unnest($2::text[]) as name
), free as (
    select l.name from lease l join wanted using (name) where l.expires_at <= clock_timestamp()
    order by l.name for no key update of l skip locked
), taken as (
    update lease l set holder = $1::text, epoch = l.epoch + 1, expires_at = clock_timestamp() + $3::interval, taken_at = clock_timestamp()
    from free where l.name = free.name
    returning l.name, l.epoch
), made as (
    insert into lease (name, holder, epoch, expires_at, taken_at)
    select name, $1::text, 1, clock_timestamp() + $3::interval, clock_timestamp() from wanted
    where not exists (select from lease l where l.name = wanted.name)
    order by name on conflict do nothing
    returning name, epoch
)
select name, epoch from taken union all select name, epoch from made`

func (p *program) holdsEpoch(name string) int64 {
	epoch, held := p.keeper.Held(name)
	if !held {
		return 0
	}
	return epoch
}

func wishOf(t *testing.T, db *pgxpool.Pool) (replica string, inForce bool) {
	t.Helper()
	err := db.QueryRow(t.Context(), `select coalesce(wish, ''), coalesce(wish_until > clock_timestamp(), false) from lease`).Scan(&replica, &inForce)
	if err != nil {
		t.Fatal(err)
	}
	return replica, inForce
}

// ripen makes the wish old enough to be heeded; age makes it older by the given time.
func ripen(t *testing.T, db *pgxpool.Pool) { age(t, db, "1 second") }

func age(t *testing.T, db *pgxpool.Pool, by string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), `update lease set wish_until = wish_until - $1::text::interval`, by); err != nil {
		t.Fatal(err)
	}
}

func expireIn(t *testing.T, db *pgxpool.Pool, in string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), `update lease set expires_at = clock_timestamp() + $1::text::interval`, in); err != nil {
		t.Fatal(err)
	}
}
