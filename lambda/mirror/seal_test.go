package mirror_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/follow"
	"fxcore/lambda/mirror"
	"fxcore/lambda/testkit"
)

func newSigner(t testing.TB) (mirror.Signer, mirror.Keys) {
	t.Helper()
	drawn, err := mirror.NewSigner()
	if err != nil {
		t.Fatal(err)
	}
	var signer mirror.Signer
	var keys mirror.Keys
	if err := errors.Join(signer.UnmarshalText([]byte(drawn.Reveal()+"\n")), keys.UnmarshalText([]byte(drawn.Public().String()+"\n"))); err != nil {
		t.Fatal(err)
	}
	return signer, keys
}

// sealed writes a version as its origin has signed it, after somebody has changed it.
func sealed(t *testing.T, rdb *redis.Client, signer mirror.Signer, change func(meta *mirror.Meta, records map[string][]byte)) {
	t.Helper()
	records := map[string][]byte{"a": []byte(`"red"`), "b": []byte(`"blue"`)}
	meta := mirror.Meta{Set: "colours", Version: 1, AsOf: asOf, LoadedAt: asOf, WrittenAt: asOf}
	meta.ContentSignature, meta.HeldSignature = signer.Content(meta.Set, meta.Version, records), signer.Held(meta.Set, meta.Version, meta.AsOf)
	change(&meta, records)
	meta.Count = len(records)
	for id, record := range records {
		if err := rdb.HSet(t.Context(), meta.Key(), id, record).Err(); err != nil {
			t.Fatal(err)
		}
	}
	describe(t, rdb, meta)
}

func TestAVersionIsTakenAsItsOriginHasSignedItAndNotOtherwise(t *testing.T) {
	t.Parallel()
	signer, keys := newSigner(t)
	another, others := newSigner(t)
	for name, test := range map[string]struct {
		change func(meta *mirror.Meta, records map[string][]byte)
		good   bool
	}{
		"nothing":           {func(*mirror.Meta, map[string][]byte) {}, true},
		"when it is loaded": {func(m *mirror.Meta, _ map[string][]byte) { m.LoadedAt = asOf.Add(time.Hour) }, true},
		"a record":          {func(_ *mirror.Meta, r map[string][]byte) { r["a"] = []byte(`"green"`) }, false},
		"a record more":     {func(_ *mirror.Meta, r map[string][]byte) { r["c"] = []byte(`"green"`) }, false},
		"a record less":     {func(_ *mirror.Meta, r map[string][]byte) { delete(r, "a") }, false},
		"an id":             {func(_ *mirror.Meta, r map[string][]byte) { r["ab"] = r["b"]; delete(r, "b") }, false},
		"the version":       {func(m *mirror.Meta, _ map[string][]byte) { m.Version = 2 }, false},
		"the time":          {func(m *mirror.Meta, _ map[string][]byte) { m.AsOf = asOf.Add(time.Second) }, false},
		"both signatures": {func(m *mirror.Meta, _ map[string][]byte) {
			m.ContentSignature, m.HeldSignature = m.HeldSignature, m.ContentSignature
		}, false},
		"no signatures": {func(m *mirror.Meta, _ map[string][]byte) { m.ContentSignature, m.HeldSignature = "", "" }, false},
		"another set's": {func(m *mirror.Meta, r map[string][]byte) {
			m.ContentSignature, m.HeldSignature = signer.Content("shapes", 1, r), signer.Held("shapes", 1, asOf)
		}, false},
		"another key's": {func(m *mirror.Meta, r map[string][]byte) {
			m.ContentSignature, m.HeldSignature = another.Content("colours", 1, r), another.Held("colours", 1, asOf)
		}, false},
	} {
		rdb := testkit.Redis(t)
		sealed(t, rdb, signer, test.change)
		m := mirror.New(mirror.Signed(rdb, follow.Always(keys)), "colours", texts)
		if err := m.Refresh(t.Context()); (err == nil) != test.good || err != nil && !errors.Is(err, mirror.ErrForged) {
			t.Errorf("changed is %s: %v", name, err)
		}
		if _, _, held := m.Current(); held != test.good {
			t.Errorf("changed is %s: held %v", name, held)
		}
		if name == "another key's" { // while keys are replaced, both count
			m = mirror.New(mirror.Signed(rdb, follow.Always(append(others, keys...))), "colours", texts)
			refresh(t, m)
		}
	}
}

// The signature of the time changes each time a version is confirmed, that of the records does not.
func TestAForgedTimeOfAVersionThatIsHeldIsRefused(t *testing.T) {
	t.Parallel()
	signer, keys := newSigner(t)
	rdb := testkit.Redis(t)
	sealed(t, rdb, signer, func(*mirror.Meta, map[string][]byte) {})
	m := mirror.New(mirror.Signed(rdb, follow.Always(keys)), "colours", texts)
	refresh(t, m)
	_, meta, _ := m.Current()
	forged := meta
	forged.AsOf = asOf.Add(time.Minute)
	describe(t, rdb, forged)
	if err := m.Refresh(t.Context()); !errors.Is(err, mirror.ErrForged) {
		t.Errorf("a time that nobody has signed: %v", err)
	}
	forged.HeldSignature = signer.Held("colours", meta.Version, forged.AsOf)
	describe(t, rdb, forged)
	refresh(t, m)
	if _, now, _ := m.Current(); !now.AsOf.Equal(forged.AsOf) {
		t.Errorf("held as of %s", now.AsOf)
	}
}

func TestKeysThatCannotBeReadAreAnError(t *testing.T) {
	t.Parallel()
	var signer mirror.Signer
	var keys mirror.Keys
	for _, text := range []string{"", "swordfish", "AAAA"} {
		if signer.UnmarshalText([]byte(text)) == nil || keys.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q is a key", text)
		}
	}
	if got := new(mirror.Signer).Held("colours", 1, asOf); got != "" {
		t.Errorf("without a key: %q", got)
	}
}

// The largest set of a bank has some ten thousand records of some hundred bytes.
func BenchmarkCheckOfALargeSet(b *testing.B) {
	signer, keys := newSigner(b)
	records := map[string][]byte{}
	for n := range 20_000 {
		records[fmt.Sprintf("client/C%06d", n)], _ = json.Marshal(map[string]string{"node": fmt.Sprint(n), "currency": "USD", "limit": "25000000", "clip": "5000000", "max_tenor": "M12"})
	}
	signature := signer.Content("lines", 1, records)
	for b.Loop() {
		if err := mirror.Verify(keys, "lines", 1, records, signature); err != nil {
			b.Fatal(err)
		}
	}
}
