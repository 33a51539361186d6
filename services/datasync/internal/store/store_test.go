package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"pgregory.net/rapid"

	"fxcore/lambda/mirror"
	"fxcore/lambda/testkit"
	"fxcore/services/datasync/internal/messages"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// set returns version n of a set, which holds as of n seconds after noon, in pages of one record each.
func set(n int64, pages int) []messages.Delivered {
	all := make([]messages.Delivered, pages)
	for i := range all {
		id := fmt.Sprintf("id%d", i)
		all[i] = messages.Delivered{
			Set: "clients", Version: n, AsOf: noon.Add(time.Duration(n) * time.Second), Page: i + 1, Pages: pages,
			Records: map[string]json.RawMessage{id: json.RawMessage(fmt.Sprintf(`{"version":%d}`, n))},
		}
	}
	return all
}

func put(t interface{ Fatal(...any) }, s *Store, d messages.Delivered) Outcome {
	outcome, err := s.Put(context.Background(), d, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	return outcome
}

// seen is what a reader finds: by the very package that services read with.
func seen(t interface{ Fatal(...any) }, rdb *redis.Client) (map[string]string, mirror.Meta, bool) {
	m := mirror.New(rdb, "clients", func(records map[string][]byte) (map[string]string, error) {
		texts := make(map[string]string, len(records))
		for id, text := range records {
			texts[id] = string(text)
		}
		return texts, nil
	})
	err := m.Refresh(context.Background())
	records, meta, found := m.Current()
	if err != nil && found {
		t.Fatal(err)
	}
	return records, meta, found
}

func TestSetIsSeenOnlyOnceItIsWhole(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	pages := set(5, 3)
	for _, i := range []int{2, 0, 2} {
		if got := put(t, s, pages[i]); got != Part {
			t.Errorf("page %d: %s", i+1, got)
		}
		if _, _, found := seen(t, rdb); found {
			t.Fatal("seen before it is whole")
		}
	}
	if got := put(t, s, pages[1]); got != Switched {
		t.Errorf("the last page: %s", got)
	}
	records, meta, _ := seen(t, rdb)
	want := mirror.Meta{Set: "clients", Version: 5, AsOf: noon.Add(5 * time.Second), LoadedAt: noon.Add(time.Hour), WrittenAt: noon.Add(time.Hour), Count: 3}
	if diff := cmp.Diff(want, meta); diff != "" || len(records) != 3 || records["id1"] != `{"version":5}` {
		t.Error(diff, records)
	}
}

func TestUnchangedRefreshesTheAgeOfTheVersionItNamesAndOfNoOther(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	unchanged := messages.Delivered{Set: "clients", Version: 5, AsOf: noon.Add(time.Minute)}
	if got := put(t, s, unchanged); got != Unknown {
		t.Errorf("of a version that is not there: %s", got)
	}
	put(t, s, set(5, 1)[0])
	if got, err := s.Put(t.Context(), unchanged, noon.Add(2*time.Hour)); got != Same {
		t.Errorf("%s, %v", got, err)
	}
	want := mirror.Meta{
		Set: "clients", Version: 5, AsOf: noon.Add(time.Minute), LoadedAt: noon.Add(2 * time.Hour), WrittenAt: noon.Add(time.Hour), Count: 1,
	}
	if _, meta, _ := seen(t, rdb); !cmp.Equal(want, meta) {
		t.Error(cmp.Diff(want, meta))
	}
	put(t, s, set(5, 1)[0]) // late, holds as of an earlier time
	if _, meta, _ := seen(t, rdb); !meta.AsOf.Equal(noon.Add(time.Minute)) {
		t.Errorf("its time went back to %s", meta.AsOf)
	}
	unchanged.Version = 4
	if got := put(t, s, unchanged); got != Old {
		t.Errorf("of an older version: %s", got)
	}
}

func TestVersionsThatNothingPointsToExpireAndTheCurrentOneDoesNot(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	put(t, s, set(5, 1)[0])
	put(t, s, set(6, 1)[0])
	put(t, s, set(7, 2)[0])
	put(t, s, set(4, 1)[0])
	for key, bound := range map[string]time.Duration{
		mirror.Key("clients", 5): replacedLife, mirror.Key("clients", 6): -1, mirror.Key("clients", 7): unfinishedLife, mirror.Key("clients", 4): -2,
	} {
		life, err := rdb.TTL(t.Context(), key).Result()
		if err != nil || bound < 0 && life != bound || bound > 0 && (life <= 0 || life > bound) {
			t.Errorf("%s lives for %s, %v", key, life, err)
		}
	}
}

// Whatever the order and however often the pages of whichever versions come, readers see whole versions only, never an
// older one after a newer, and in the end the newest that came whole.
func TestAnyOrderAndRepetitionEndsWithTheNewestWholeVersion(t *testing.T) {
	rdb := testkit.Redis(t)
	rapid.Check(t, func(t *rapid.T) {
		if err := rdb.FlushDB(context.Background()).Err(); err != nil {
			t.Fatal(err)
		}
		s := New(rdb)
		came := map[int64]map[int]bool{}
		last := int64(0)
		for range rapid.IntRange(1, 25).Draw(t, "pages") {
			version, page := rapid.Int64Range(1, 4).Draw(t, "version"), rapid.IntRange(0, 2).Draw(t, "page")
			put(t, s, set(version, 3)[page])
			if came[version] == nil {
				came[version] = map[int]bool{}
			}
			if version > last { // a version is begun anew once a newer one is current: its pages are refused
				came[version][page] = true
			}
			newest := last
			for v := range maps.Keys(came) {
				if len(came[v]) == 3 {
					newest = max(newest, v)
				}
			}
			records, meta, found := seen(t, rdb)
			if found != (newest > 0) || found && (meta.Version != newest || len(records) != 3) {
				t.Fatalf("sees version %d with %d records, the newest whole one is %d", meta.Version, len(records), newest)
			}
			last = newest
		}
	})
}

func TestOneOfManyClaimsUntilTheClaimEnds(t *testing.T) {
	s := New(testkit.Redis(t))
	claimed := func(set string, length time.Duration) bool {
		mine, err := s.Claim(t.Context(), set, length)
		if err != nil {
			t.Fatal(err)
		}
		return mine
	}
	won := 0
	for range 5 {
		if claimed("rates", time.Hour) {
			won++
		}
	}
	if won != 1 {
		t.Errorf("%d claims of one", won)
	}
	claimed("clients", time.Millisecond)
	testkit.Eventually(t, "the claim to end", time.Minute, func() error {
		if !claimed("clients", time.Hour) {
			return errors.New("taken")
		}
		return nil
	})
}

func TestHeldSkipsWhatItCanNotRead(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	put(t, s, set(5, 1)[0])
	if err := rdb.HSet(t.Context(), mirror.MetaKey, "users", "rubbish").Err(); err != nil {
		t.Fatal(err)
	}
	held, err := s.Held(t.Context())
	if err != nil || len(held) != 1 || held["clients"].Version != 5 {
		t.Errorf("%v, %v", held, err)
	}
}

// Whatever has become of the description or of the records: the mainframe says "unchanged", and the set heals all the same.
func TestADamagedSetIsLoadedAnew(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	damages := map[string]func() error{
		"the description is rubbish":     func() error { return rdb.HSet(t.Context(), mirror.MetaKey, "clients", "rubbish").Err() },
		"the description is a number":    func() error { return rdb.HSet(t.Context(), mirror.MetaKey, "clients", "5").Err() },
		"the description lacks a part":   func() error { return rdb.HSet(t.Context(), mirror.MetaKey, "clients", `{"version":5}`).Err() },
		"the version is text":            func() error { return rdb.HSet(t.Context(), mirror.MetaKey, "clients", `{"version":"new"}`).Err() },
		"the records are gone":           func() error { return rdb.Del(t.Context(), mirror.Key("clients", 5)).Err() },
		"a record is gone":               func() error { return rdb.HDel(t.Context(), mirror.Key("clients", 5), "id1").Err() },
		"the description is gone":        func() error { return rdb.HDel(t.Context(), mirror.MetaKey, "clients").Err() },
		"there is a record of another":   func() error { return rdb.HSet(t.Context(), mirror.Key("clients", 5), "id9", "{}").Err() },
		"the description is of no table": func() error { return rdb.HSet(t.Context(), mirror.MetaKey, "clients", "null").Err() },
	}
	for what, damage := range damages {
		t.Run(what, func(t *testing.T) {
			rdb.FlushDB(t.Context())
			for _, page := range set(5, 2) {
				put(t, s, page)
			}
			if err := damage(); err != nil {
				t.Fatal(err)
			}
			if got := put(t, s, messages.Delivered{Set: "clients", Version: 5, AsOf: noon.Add(time.Minute)}); got != Unknown {
				t.Errorf("unchanged: %s", got)
			}
			if held, err := s.Held(t.Context()); err != nil || len(held) != 0 {
				t.Errorf("held %v, %v: nobody asks for the whole set", held, err)
			}
			for _, page := range set(5, 2) {
				put(t, s, page)
			}
			if records, meta, found := seen(t, rdb); !found || meta.Version != 5 || records["id1"] == "" {
				t.Errorf("%v, %v", meta, records)
			}
		})
	}
}

// Nothing that the mainframe sends is newer than a forged version of a time to come.
func TestAVersionOfATimeToComeIsReplaced(t *testing.T) {
	for _, forged := range []mirror.Meta{
		{Set: "clients", Version: 9e15, AsOf: noon, LoadedAt: noon, Count: 1},
		{Set: "clients", Version: 5, AsOf: noon.AddDate(73, 0, 0), LoadedAt: noon, Count: 1},
	} {
		rdb := testkit.Redis(t)
		text, err := json.Marshal(forged)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(rdb.HSet(t.Context(), forged.Key(), "id0", `{"version":0}`).Err(), rdb.HSet(t.Context(), mirror.MetaKey, "clients", text).Err()); err != nil {
			t.Fatal(err)
		}
		if got := put(t, New(rdb), set(5, 1)[0]); got != Switched {
			t.Errorf("version %d as of %s: %s", forged.Version, forged.AsOf, got)
		}
		if _, meta, _ := seen(t, rdb); meta.Version != 5 || !meta.AsOf.Equal(noon.Add(5*time.Second)) {
			t.Errorf("held is %+v", meta)
		}
	}
}

// Readers check the signatures, so each must stay with what it is of.
func TestSignaturesStayWithWhatTheyAreOf(t *testing.T) {
	rdb := testkit.Redis(t)
	s := New(rdb)
	page := set(5, 1)[0]
	put(t, s, page) // as an origin that does not sign
	signatures := func() [2]string {
		_, meta, _ := seen(t, rdb)
		return [2]string{meta.ContentSignature, meta.HeldSignature}
	}
	confirmed := messages.Delivered{Set: "clients", Version: 5, AsOf: noon.Add(time.Hour), HeldSignature: "late"}
	if got := put(t, s, confirmed); got != Unknown {
		t.Errorf("the origin signs now: %s, want that the whole set is asked for", got)
	}
	page.ContentSignature, page.HeldSignature = "content", "first"
	for _, step := range []struct {
		page    messages.Delivered
		outcome Outcome
		want    [2]string
	}{
		{page, Switched, [2]string{"content", "first"}},
		{confirmed, Same, [2]string{"content", "late"}},
		{page, Same, [2]string{"content", "late"}}, // late, as of an earlier time
	} {
		if got := put(t, s, step.page); got != step.outcome || signatures() != step.want {
			t.Errorf("%s with signatures %q, want %s with %q", got, signatures(), step.outcome, step.want)
		}
	}
}
