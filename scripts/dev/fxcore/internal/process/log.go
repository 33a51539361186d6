package process

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// Bound of a log: at logLimit it is copied to one old file and emptied.
const logLimit = 16 << 20

// OpenLog opens a log for appending.
func OpenLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return f, nil
}

// BoundLog keeps a log within its bound while its process writes to it. The process appends, so it goes on at the new
// end; lines written between copy and cut, some microseconds, are lost from the log.
func BoundLog(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.Size() < logLimit {
		return nil //nolint:nilerr // no log yet, nothing to bound
	}
	from, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("bound log: %w", err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(path+".1", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("bound log: %w", err)
	}
	_, err = io.Copy(to, from)
	if closed := to.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("bound log: %w", err)
	}
	return os.Truncate(path, 0)
}

// Tail returns the last lines of a log, at most n, of its last 64 KB.
func Tail(path string, n int) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	const span = 64 << 10
	if info, err := f.Stat(); err == nil && info.Size() > span {
		_, _ = f.Seek(-span, io.SeekEnd)
	}
	b, _ := io.ReadAll(io.LimitReader(f, span))
	text := strings.TrimRight(string(bytes.ToValidUTF8(b, []byte("?"))), "\n ")
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-n):]
}
