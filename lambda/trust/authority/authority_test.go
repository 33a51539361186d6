package authority_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/trust/authority"
)

func TestAnAuthorityIsMadeOnceAndItsKeyIsTheOwnersAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "authority")
	first, err := authority.Open(folder, "test", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	again, err := authority.Open(folder, "test", time.Now())
	if err != nil || !bytes.Equal(first.PEM(), again.PEM()) {
		t.Errorf("another authority: %v", err)
	}
	info, err := os.Stat(filepath.Join(folder, "root.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	if bytes.Contains(first.PEM(), []byte("PRIVATE")) {
		t.Error("what all components get holds the key")
	}
	if err := os.WriteFile(filepath.Join(folder, "root.pem"), first.PEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := authority.Open(folder, "test", time.Now()); err == nil {
		t.Error("an authority without its key is opened")
	}
}

func TestACertificateIsDueAfterHalfItsLife(t *testing.T) {
	t.Parallel()
	now := time.Now()
	a, err := authority.New("test", now)
	if err != nil {
		t.Fatal(err)
	}
	text, err := a.Issue(authority.Subject{Name: "store"}, now)
	if err != nil {
		t.Fatal(err)
	}
	for after, due := range map[time.Duration]bool{0: false, authority.Life/2 - 2*time.Hour: false, authority.Life/2 + time.Hour: true, 2 * authority.Life: true} {
		if got := a.Due(text, now.Add(after)); got != due {
			t.Errorf("after %v: due %v", after, got)
		}
	}
	other, err := authority.New("test", now)
	if err != nil {
		t.Fatal(err)
	}
	if !other.Due(text, now) || !a.Due(nil, now) || !a.Due([]byte("no certificate"), now) {
		t.Error("a certificate of another authority, or none, is not due")
	}
}
