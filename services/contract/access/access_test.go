package access_test

import (
	"errors"
	"strings"
	"testing"

	"fxcore/services/contract/access"
)

func newKey(t *testing.T) access.PrivateKey {
	t.Helper()
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func requested() access.Requested {
	return access.Requested{
		TokenHash: access.HashOf("fxt_1"), Grant: access.Password, User: "U0001", Audience: "api", Scope: []string{"trade.enter"},
	}
}

func TestAProofIsOpenedByItsKeyForItsRequestOnly(t *testing.T) {
	t.Parallel()
	key, proof := newKey(t), access.Proof{Password: "a long one", Code: "123456"}
	r, err := key.Public().SealProof(requested(), proof)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := key.OpenProof(r); err != nil || got != proof {
		t.Fatalf("%+v, %v", got, err)
	}
	if _, err := newKey(t).OpenProof(r); !errors.Is(err, access.ErrNotForThisKey) {
		t.Errorf("another key: %v", err)
	}
	for name, change := range map[string]func(*access.Requested){
		"another token":    func(r *access.Requested) { r.TokenHash = access.HashOf("fxt_2") },
		"another grant":    func(r *access.Requested) { r.Grant = access.ClientCredentials },
		"another user":     func(r *access.Requested) { r.User = "U0002" },
		"another audience": func(r *access.Requested) { r.Audience = "workstation" },
		"a wider scope":    func(r *access.Requested) { r.Scope = nil },
		"a changed byte":   func(r *access.Requested) { r.Sealed = append([]byte{}, r.Sealed...); r.Sealed[40] ^= 1 },
		"nothing sealed":   func(r *access.Requested) { r.Sealed = nil },
	} {
		stolen := r
		change(&stolen)
		if _, err := key.OpenProof(stolen); !errors.Is(err, access.ErrNotForThisKey) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAKeyIsWrittenAndRead(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	var private access.PrivateKey
	var public access.PublicKey
	if err := errors.Join(private.UnmarshalText([]byte(key.Reveal())), public.UnmarshalText([]byte(key.Public().String()))); err != nil {
		t.Fatal(err)
	}
	sealed, err := public.Seal("a note", "x")
	var note string
	if err != nil || private.Open(sealed, "a note", &note) != nil || note != "x" {
		t.Errorf("%q, %v", note, err)
	}
	for _, text := range []string{"", "short", strings.Repeat("A", 44), "%"} {
		if private.UnmarshalText([]byte(text)) == nil || public.UnmarshalText([]byte(text)) == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func TestATokenIsKnownByItsHash(t *testing.T) {
	t.Parallel()
	one, two := access.NewToken(), access.NewToken()
	if one == two || len(one) != len("fxt_")+43 || access.HashOf(one) == access.HashOf(two) {
		t.Errorf("%s, %s", one, two)
	}
	if err := access.CheckHash(access.HashOf(one)); err != nil {
		t.Error(err)
	}
	for _, text := range []string{"", one, strings.ToUpper(access.HashOf(one)), access.HashOf(one)[2:]} {
		if access.CheckHash(text) == nil {
			t.Errorf("%q is a hash", text)
		}
	}
}
