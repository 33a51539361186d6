// Package pages holds the web pages of the core, as the build has made them, and serves them. The source lies beside it: kit is what
// all pages share, operations is the page of on-call. `make pages` builds it.
package pages

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

//go:embed dist
var built embed.FS

// Operations returns the handler of on-call's page. It serves / and /assets/; everything else is answered by 404. The page needs no
// right: it holds no data, and each of its requests carries the token of the person.
func Operations() (http.Handler, error) { return page("operations") }

// file is one built file in both encodings, with its headers.
type file struct {
	plain, packed []byte
	header        http.Header
}

type site map[string]file // by path of the URL

// page reads all files of a page and compresses them, once.
func page(name string) (site, error) {
	root, err := fs.Sub(built, "dist/"+name)
	if err != nil {
		return nil, fmt.Errorf("the page %s: %w", name, err)
	}
	s := site{}
	err = fs.WalkDir(root, ".", func(at string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(root, at)
		if err != nil {
			return err
		}
		s["/"+strings.TrimSuffix(at, "index.html")], err = fileOf(at, content)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("the page %s: %w", name, err)
	}
	return s, nil
}

func fileOf(name string, content []byte) (file, error) {
	var packed bytes.Buffer
	w, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is valid
	if _, err := w.Write(content); err != nil {
		return file{}, err
	}
	if err := w.Close(); err != nil {
		return file{}, err
	}
	sum := sha256.Sum256(content)
	header := guards()
	header.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	header.Set("ETag", `"`+hex.EncodeToString(sum[:16])+`"`)
	header.Set("Vary", "Accept-Encoding")
	header.Set("Cache-Control", "no-cache")
	if strings.HasPrefix(name, "assets/") { // its name has the hash of its content
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	return file{plain: content, packed: packed.Bytes(), header: header}, nil
}

// policy lets the page use its own files and its own origin, and nothing else: no inline script or style, no frame around it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func guards() http.Header {
	return http.Header{
		"Content-Security-Policy":      {policy},
		"X-Content-Type-Options":       {"nosniff"},
		"Referrer-Policy":              {"no-referrer"},
		"Cross-Origin-Opener-Policy":   {"same-origin"},
		"Cross-Origin-Resource-Policy": {"same-origin"},
		"Permissions-Policy":           {"camera=(), microphone=(), geolocation=(), payment=()"},
		"Strict-Transport-Security":    {"max-age=31536000"},
	}
}

// ServeHTTP implements http.Handler.
func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f, known := s[r.URL.Path]
	switch {
	case !known:
		http.NotFound(w, r)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "Use GET.", http.StatusMethodNotAllowed)
	default:
		f.serve(w, r)
	}
}

func (f file) serve(w http.ResponseWriter, r *http.Request) {
	for name, values := range f.header {
		w.Header()[name] = values
	}
	if strings.Contains(r.Header.Get("If-None-Match"), f.header.Get("ETag")) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := f.plain
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content = f.packed
		w.Header().Set("Content-Encoding", "gzip")
	}
	w.Header().Set("Content-Length", fmt.Sprint(len(content)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(content) // the browser may have gone
	}
}
