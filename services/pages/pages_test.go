package pages_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"fxcore/services/pages"
)

func get(t *testing.T, path string, header http.Header) *httptest.ResponseRecorder {
	t.Helper()
	page, err := pages.Operations()
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
	r.Header = header
	w := httptest.NewRecorder()
	page.ServeHTTP(w, r)
	return w
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	content, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// assets returns the paths of the files that the page names.
func assets(t *testing.T) []string {
	t.Helper()
	var paths []string
	for _, match := range regexp.MustCompile(`(?:src|href)="(assets/[^"]+)"`).FindAllStringSubmatch(body(t, get(t, "/", nil).Body), -1) {
		paths = append(paths, "/"+match[1])
	}
	if len(paths) != 2 {
		t.Fatalf("the page names %q, want a script and a style sheet", paths)
	}
	return paths
}

func TestThePageAndItsFilesAreServed(t *testing.T) {
	t.Parallel()
	for _, path := range append(assets(t), "/") {
		r := get(t, path, nil)
		if r.Code != http.StatusOK || !strings.Contains(r.Header().Get("Content-Type"), "charset=utf-8") {
			t.Errorf("%s: %d, %s", path, r.Code, r.Header().Get("Content-Type"))
		}
	}
	for _, path := range []string{"/nothing", "/assets/", "/assets/../pages.go", "/index.html/x"} {
		if r := get(t, path, nil); r.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, r.Code)
		}
	}
}

func TestOnlyWhatHasAHashInItsNameIsKeptByTheBrowser(t *testing.T) {
	t.Parallel()
	if kept := get(t, "/", nil).Header().Get("Cache-Control"); kept != "no-cache" {
		t.Errorf("/: %s", kept)
	}
	for _, path := range assets(t) {
		if kept := get(t, path, nil).Header().Get("Cache-Control"); !strings.Contains(kept, "immutable") {
			t.Errorf("%s: %s", path, kept)
		}
	}
}

func TestTheSameContentIsNotSentTwice(t *testing.T) {
	t.Parallel()
	tag := get(t, "/", nil).Header().Get("ETag")
	r := get(t, "/", http.Header{"If-None-Match": {tag}})
	if tag == "" || r.Code != http.StatusNotModified || body(t, r.Body) != "" {
		t.Errorf("tag %s: %d", tag, r.Code)
	}
}

func TestACompressedFileHasTheSameContent(t *testing.T) {
	t.Parallel()
	for _, path := range assets(t) {
		plain := body(t, get(t, path, nil).Body)
		r := get(t, path, http.Header{"Accept-Encoding": {"br, gzip"}})
		packed := body(t, r.Body)
		unpack, err := gzip.NewReader(bytes.NewBufferString(packed))
		if err != nil {
			t.Fatalf("%s, %s: %v", path, r.Header().Get("Content-Encoding"), err)
		}
		if body(t, unpack) != plain || len(packed) >= len(plain) {
			t.Errorf("%s: %d bytes packed, %d plain", path, len(packed), len(plain))
		}
	}
}

func TestNothingInlineAndNothingForeignRuns(t *testing.T) {
	t.Parallel()
	r := get(t, "/", nil)
	policy := r.Header().Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "script-src 'self';", "style-src 'self';", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy lacks %s: %s", part, policy)
		}
	}
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy allows too much: %s", policy)
	}
	if page := body(t, r.Body); regexp.MustCompile(`<style|style="|<script>|\son[a-z]+="|https?://`).MatchString(page) {
		t.Errorf("the page has something inline or foreign:\n%s", page)
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	t.Parallel()
	page, err := pages.Operations()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	page.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", http.NoBody))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("%d", w.Code)
	}
}
