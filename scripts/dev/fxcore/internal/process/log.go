package process

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
)

// logLimit is the size in bytes at which BoundLog copies a log to one old file and empties it.
const logLimit = 16 << 20

// OpenLog opens a log for appending.
func OpenLog(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return f, nil
}

// BoundLog keeps a log below logLimit while its process writes to it. The process appends, so it continues in the
// emptied file. Lines written in the microseconds between copy and truncation are lost.
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

// Tail returns at most n of the last lines of a log. It reads only the last 64 KB.
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
