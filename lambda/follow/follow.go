// Package follow keeps what a file holds at hand, and reads the file again when it has changed. So a secret is replaced while the program
// runs: whoever replaces the file does it at once, by renaming a new one over it.
package follow

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"sync"
)

// File is what a file holds. A file that cannot be read any more, or holds something else, changes nothing: it may be replaced just
// now. It is safe for concurrent use. A look costs a call of the operating system, about a microsecond.
type File[T any] struct {
	path  string
	parse func([]byte) (T, error)

	mu    sync.Mutex
	seen  fs.FileInfo // of the content that value is made of
	value T
}

// Open reads a file. parse makes a value of its content.
func Open[T any](path string, parse func([]byte) (T, error)) (*File[T], error) {
	f := &File[T]{path: path, parse: parse}
	return f, f.read()
}

// Setting follows the file of a setting. value is that of the setting when the program read it. Without a path it stays so.
func Setting[T any](value T, path string, parse func(text string) (T, error)) *File[T] {
	return &File[T]{path: path, value: value, parse: func(b []byte) (T, error) { return parse(strings.TrimRight(string(b), "\r\n")) }}
}

// Always returns what never changes.
func Always[T any](value T) *File[T] { return &File[T]{value: value} }

// Now returns what the file holds, or what it last held that was valid. A nil File holds nothing.
func (f *File[T]) Now() T {
	if f == nil {
		var none T
		return none
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.read()
	return f.value
}

// read reads the file if it has changed.
func (f *File[T]) read() error {
	if f.path == "" {
		return nil
	}
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	if f.seen != nil && os.SameFile(f.seen, info) && f.seen.ModTime().Equal(info.ModTime()) && f.seen.Size() == info.Size() {
		return nil
	}
	text, err := os.ReadFile(f.path)
	if err != nil {
		return err
	}
	value, err := f.parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", f.path, err)
	}
	f.seen, f.value = info, value
	return nil
}
