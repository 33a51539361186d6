package folder_test

import (
	"slices"
	"testing"
)

// A secret that is replaced is announced, in use, and then the one before. Each step is on disk.
func TestASecretIsReplacedInSteps(t *testing.T) {
	f := open(t)
	first, err := f.Secret("key")
	if err != nil {
		t.Fatal(err)
	}
	holds := func(step string, inUse, before string, trusted ...string) {
		t.Helper()
		now, err := f.Secret("key")
		former, formerErr := f.Before("key")
		all, allErr := f.Values("key")
		if err != nil || formerErr != nil || allErr != nil || now != inUse || former != before || !slices.Equal(all, trusted) {
			t.Errorf("%s: %q in use, %q before, %q trusted; %v, %v, %v", step, now, former, all, err, formerErr, allErr)
		}
	}
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	holds("drawn", first, "", first)
	do(f.Announce("key", "second"))
	holds("announced", first, "", first, "second")
	do(f.Promote("key"))
	holds("in use", "second", first, "second", first)
	do(f.Forget("key"))
	do(f.Forget("key"))
	holds("the one before is gone", "second", "", "second")
	do(f.Replace("key", "third"))
	holds("replaced at once", "third", "second", "third", "second")
	do(f.Restore("key"))
	holds("restored", "second", "", "second")
}
