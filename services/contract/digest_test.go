package contract_test

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"fxcore/services/contract"
)

// The framing is fixed: auth compares a digest of today with one that it stored before.
func TestDigestFramesEachPartByItsLength(t *testing.T) {
	t.Parallel()
	sum := sha256.Sum256([]byte("\x00\x03abc\x00\x00\x00\x01d"))
	if got, want := contract.Digest("abc", "", "d"), hex.EncodeToString(sum[:]); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestDigestsOfDifferentListsDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rapid.StringMatching(`[ab]{0,3}`), 0, 4)
		one, other := list.Draw(t, "one"), list.Draw(t, "other")
		if same := slices.Equal(one, other); (contract.Digest(one...) == contract.Digest(other...)) != same {
			t.Fatalf("%q and %q", one, other)
		}
	})
}
