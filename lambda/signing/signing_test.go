package signing_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"fxcore/lambda/signing"
)

func newKey(t *testing.T) signing.Key {
	t.Helper()
	key, err := signing.New()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestAKeyIsWrittenAndRead(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	var again signing.Key
	var public signing.PublicKey
	if err := errors.Join(again.UnmarshalText([]byte(key.Reveal()+"\n")), public.UnmarshalText([]byte(key.Public().String()+"\n"))); err != nil {
		t.Fatal(err)
	}
	message := []byte("a message")
	signature := again.Sign(message)
	if len(signature) != signing.SignatureSize || !public.Verify(message, signature) || public.ID() != key.Public().ID() {
		t.Errorf("%s, %s", public.ID(), key.Public().ID())
	}
	if public.Verify([]byte("another"), signature) || newKey(t).Public().Verify(message, signature) || public.Verify(message, signature[1:]) {
		t.Error("a signature counts for another message, by another key, or in part")
	}
}

func TestNoKeySignsAndChecksNothing(t *testing.T) {
	t.Parallel()
	if !(signing.Key{}).IsZero() || newKey(t).IsZero() {
		t.Error("a key is none, or none is a key")
	}
	if (signing.PublicKey{}).Verify([]byte("a message"), newKey(t).Sign([]byte("a message"))) {
		t.Error("no key has made a signature")
	}
}

func TestKeysAreReadFromAListAndFromJSON(t *testing.T) {
	t.Parallel()
	one, two := newKey(t).Public(), newKey(t).Public()
	list, err := signing.ParsePublicKeys(one.String() + ", " + two.String() + "\n")
	if err != nil || len(list) != 2 || list[0].ID() != one.ID() || list[1].ID() != two.ID() {
		t.Errorf("%v, %v", list, err)
	}
	text, err := json.Marshal(map[string][]signing.PublicKey{"mill": list})
	if err != nil {
		t.Fatal(err)
	}
	var read map[string][]signing.PublicKey
	if err := json.Unmarshal(text, &read); err != nil || !slices.EqualFunc(read["mill"], list, func(a, b signing.PublicKey) bool { return a.String() == b.String() }) {
		t.Errorf("%s: %v", text, err)
	}
}

// An error about a key does not show it.
func TestWhatIsNoKeyIsRefusedUnseen(t *testing.T) {
	t.Parallel()
	const hidden = "swordfish"
	for _, text := range []string{"", hidden, strings.Repeat(hidden, 5), "%"} {
		_, private := signing.ParseKey(text)
		_, public := signing.ParsePublicKey(text)
		_, list := signing.ParsePublicKeys(newKey(t).Public().String() + "," + text)
		for what, err := range map[string]error{"a key": private, "a public key": public, "a list": list} {
			if err == nil || strings.Contains(err.Error(), hidden) {
				t.Errorf("%q as %s: %v", text, what, err)
			}
		}
	}
}
