package trust

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// followed is what a file holds. A file that cannot be read any more, or holds something else, changes nothing: it may be replaced just
// now.
type followed[T any] struct {
	path  string
	parse func([]byte) (T, error)

	mu    sync.Mutex
	stamp stamp
	value T
}

// stamp tells one content of a file from the next.
type stamp struct {
	at   time.Time
	size int64
}

func follow[T any](path string, parse func([]byte) (T, error)) (*followed[T], error) {
	f := &followed[T]{path: path, parse: parse}
	return f, f.read()
}

// now returns what the file holds, or what it last held that was valid.
func (f *followed[T]) now() T {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.read()
	return f.value
}

// read reads the file if it has changed.
func (f *followed[T]) read() error {
	info, err := os.Stat(f.path)
	if err != nil {
		return err
	}
	found := stamp{info.ModTime(), info.Size()}
	if found == f.stamp {
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
	f.stamp, f.value = found, value
	return nil
}
