package bill_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/scripts/dev/supply/internal/bill"
)

// tool stands for cyclonedx-gomod: it writes its arguments where the bill should be.
const tool = `#!/bin/sh
while [ "$1" != -output ]; do shift; done
echo "{\"of\": \"$3\"}" >"$2"
`

const lock = `{"name": "mill-pages", "lockfileVersion": 3, "packages": {
	"": {"name": "mill-pages"},
	"node_modules/@grain/sieve": {"version": "2.0.0", "integrity": "sha512-AQI=", "license": "MIT"},
	"node_modules/grain": {"version": "1.0.0", "integrity": "sha512-AQID", "license": "MIT"},
	"node_modules/scales": {"version": "1.0.0", "integrity": "sha512-AQID", "license": "MIT", "dev": true}}}`

func write(t *testing.T, folder string) {
	t.Helper()
	for name, text := range map[string]string{"tool": tool, "lock": lock} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	by := bill.Makers{Modules: filepath.Join(folder, "tool"), Lock: filepath.Join(folder, "lock")}
	if err := bill.Write(t.Context(), by, filepath.Join(folder, "bills"), []string{"bin/mill"}); err != nil {
		t.Fatal(err)
	}
}

func TestEachProgramHasABillAndThePagesHaveOne(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write(t, folder)
	if text, err := os.ReadFile(filepath.Join(folder, "bills", "mill.cdx.json")); err != nil || string(text) != "{\"of\": \"bin/mill\"}\n" {
		t.Errorf("the bill of the program: %q, %v", text, err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "bills", "pages.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Components []struct {
			Name, Version, PURL string
			Hashes              []struct{ Alg, Content string }
		}
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	want := got
	want.Components = want.Components[:0:0]
	for _, c := range []struct{ name, version, purl, sum string }{
		{"@grain/sieve", "2.0.0", "pkg:npm/%40grain/sieve@2.0.0", "0102"}, {"grain", "1.0.0", "pkg:npm/grain@1.0.0", "010203"},
	} {
		want.Components = append(want.Components, struct {
			Name, Version, PURL string
			Hashes              []struct{ Alg, Content string }
		}{c.name, c.version, c.purl, []struct{ Alg, Content string }{{"SHA-512", c.sum}}})
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	write(t, folder)
	if again, err := os.ReadFile(filepath.Join(folder, "bills", "pages.cdx.json")); err != nil || !bytes.Equal(again, text) {
		t.Errorf("the same lock file has another bill: %v", err)
	}
}
