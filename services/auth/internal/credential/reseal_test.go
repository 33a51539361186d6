package credential_test

import (
	"bytes"
	"errors"
	"testing"

	"fxcore/services/auth/internal/credential"
	"fxcore/services/contract/access"
)

// While auth's key is replaced, both count. Afterwards the one before opens nothing.
func TestACredentialIsSealedAnewForANewKey(t *testing.T) {
	t.Parallel()
	before, now, other := drawn(t), drawn(t), drawn(t)
	kept, _, err := credential.System("a secret that has been drawn, with enough characters")
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := before.Public().Seal(credential.Binding("U1"), kept)
	if err != nil {
		t.Fatal(err)
	}
	again, changed, err := credential.Reseal(access.Keys{now, before}, "U1", sealed)
	if err != nil || !changed {
		t.Fatal(changed, err)
	}
	var opened credential.Keys
	if err := now.Open(again, credential.Binding("U1"), &opened); err != nil || !bytes.Equal(opened.Secret, kept.Secret) {
		t.Errorf("by the new key: %v", err)
	}
	if err := before.Open(again, credential.Binding("U1"), &opened); !errors.Is(err, access.ErrNotForThisKey) {
		t.Errorf("by the key before: %v", err)
	}
	if same, changed, err := credential.Reseal(access.Keys{now, before}, "U1", again); err != nil || changed || !bytes.Equal(same, again) {
		t.Errorf("a second time: changed %v, %v", changed, err)
	}
	for what, by := range map[string]access.Keys{"by another": {other}, "by none": nil} {
		if _, _, err := credential.Reseal(by, "U1", sealed); !errors.Is(err, access.ErrNotForThisKey) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := credential.Reseal(access.Keys{now, before}, "U2", sealed); !errors.Is(err, access.ErrNotForThisKey) {
		t.Errorf("another user's: %v", err)
	}
}

func drawn(t *testing.T) access.PrivateKey {
	t.Helper()
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
