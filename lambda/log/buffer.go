package log

import (
	"bytes"
	"context"
	"io"
	"sync"
	"time"
)

// Bounds of a buffer and of a batch.
const (
	bufferBytes  = 4 << 20  // lines that are not sent yet; about 8,000
	reserveBytes = 16 << 10 // beyond that, for the lines that tell what was dropped
	batchBytes   = 64 << 10 // one message; a single line may be longer
	batchLinger  = 200 * time.Millisecond
)

// Buffer holds lines until they are sent elsewhere. Writing never waits: a full buffer drops the new line and counts it. Lines are
// numbered from 1; those that are dropped have no number.
type Buffer struct {
	bound int

	mu      sync.Mutex
	entries [][]byte
	bytes   int
	first   int64 // number of the first of lines
	dropped int64 // in all
	told    int64 // of these, how many were told by Dropped
	out     bool  // Next has returned a batch that was not Sent
	some    chan struct{}
}

// NewBuffer returns an empty buffer.
func NewBuffer() *Buffer {
	return &Buffer{bound: bufferBytes, first: 1, some: make(chan struct{}, 1)}
}

// Write keeps a copy of one line, or drops it. It never fails.
func (b *Buffer) Write(entry []byte) (int, error) {
	b.put(entry, b.bound)
	return len(entry), nil
}

// Reserved returns the writer for lines that tell what was dropped. It has room where the buffer is full.
func (b *Buffer) Reserved() io.Writer { return reserved{b} }

type reserved struct{ *Buffer }

func (r reserved) Write(entry []byte) (int, error) {
	r.put(entry, r.bound+reserveBytes)
	return len(entry), nil
}

func (b *Buffer) put(entry []byte, bound int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.bytes+len(entry) > bound {
		b.dropped++
		return
	}
	b.entries = append(b.entries, bytes.Clone(entry))
	b.bytes += len(entry)
	b.signal()
}

func (b *Buffer) signal() {
	select {
	case b.some <- struct{}{}:
	default:
	}
}

// Batch is some lines in their order, the first of which has the number First.
type Batch struct {
	First   int64
	Entries int
	Body    []byte // each line ends with a line feed
}

// Next waits until there are lines and, unless they fill a batch, a moment for more. It returns the oldest ones, which stay in the
// buffer until Sent: before that, Next returns them again, at once. When ctx ends it returns what is there, and false if there is
// nothing.
func (b *Buffer) Next(ctx context.Context) (Batch, bool) {
	if b.unsent() {
		return b.head()
	}
	for {
		select {
		case <-ctx.Done():
		case <-b.some:
			b.linger(ctx)
		}
		if batch, ok := b.head(); ok || ctx.Err() != nil { // the token may be of a line that an earlier batch took along
			return batch, ok
		}
	}
}

func (b *Buffer) unsent() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.out
}

func (b *Buffer) linger(ctx context.Context) {
	if b.Held() >= batchBytes {
		return
	}
	timer := time.NewTimer(batchLinger)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// head is the oldest lines, as many as a batch takes.
func (b *Buffer) head() (Batch, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	batch := Batch{First: b.first}
	for _, entry := range b.entries {
		if batch.Entries > 0 && len(batch.Body)+len(entry) > batchBytes {
			break
		}
		batch.Body = append(batch.Body, entry...)
		batch.Entries++
	}
	b.out = batch.Entries > 0
	return batch, batch.Entries > 0
}

// Sent removes the lines of a batch that Next has returned.
func (b *Buffer) Sent(batch Batch) {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.entries[:batch.Entries])
	b.entries = b.entries[batch.Entries:]
	b.bytes -= len(batch.Body)
	b.first += int64(batch.Entries)
	b.out = false
	if len(b.entries) > 0 {
		b.signal()
	}
}

// Held is how many bytes of lines wait to be sent.
func (b *Buffer) Held() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.bytes
}

// Lost is how many lines were dropped in all.
func (b *Buffer) Lost() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.dropped
}

// Dropped is how many lines were dropped since it was called last.
func (b *Buffer) Dropped() int64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	news := b.dropped - b.told
	b.told = b.dropped
	return news
}

// Both returns a writer to standard output and to a buffer. The buffer gets a line also when standard output fails.
func Both(out, buffer io.Writer) io.Writer { return both{out, buffer} }

type both struct{ out, buffer io.Writer }

func (b both) Write(entry []byte) (int, error) {
	_, _ = b.buffer.Write(entry)
	return b.out.Write(entry)
}
