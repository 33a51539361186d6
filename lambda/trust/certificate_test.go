package trust_test

import (
	"bytes"
	"encoding/pem"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/trust"
)

// A pair is replaced in two steps. In between, the pair before counts.
func TestACertificateAndItsKeyAreReplacedOneAfterTheOther(t *testing.T) {
	t.Parallel()
	p := newParty(t)
	issue := func() (certificate, key []byte) {
		text, err := p.signs.Issue(store, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		_, key = pem.Decode(text)
		return bytes.TrimSuffix(text, key), key
	}
	certificate, key := issue()
	p.write("store.crt", certificate)
	p.write("store.key", key)
	files := [2]string{filepath.Join(p.folder, "store.crt"), filepath.Join(p.folder, "store.key")}
	pair, err := trust.NewCertificate(string(certificate), files[0], string(key), files[1])
	if err != nil {
		t.Fatal(err)
	}
	fixed, err := trust.NewCertificate(string(certificate), "", string(key), "")
	if err != nil {
		t.Fatal(err)
	}
	shows := func(step string, pair *trust.Certificate, certificate []byte) {
		t.Helper()
		block, _ := pem.Decode(certificate)
		if now, err := pair.Now(nil); err != nil || !bytes.Equal(now.Certificate[0], block.Bytes) {
			t.Errorf("%s: another certificate, or %v", step, err)
		}
	}
	shows("at first", pair, certificate)
	other, otherKey := issue()
	p.write("store.crt", other)
	shows("with one of them", pair, certificate)
	p.write("store.key", otherKey)
	shows("with both", pair, other)
	shows("without files", fixed, certificate)
	if _, err := trust.NewCertificate(string(certificate), "", string(otherKey), ""); err == nil {
		t.Error("another key fits")
	}
}
