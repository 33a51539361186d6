package fixwire

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// keep is how many messages a journal holds for a resend. A gap fill replaces older ones.
const keep = 16 << 10

// Journal is what a FIX session remembers across connections: both sequence numbers, and the last messages that it
// sent. It is safe for concurrent use.
type Journal struct {
	mu      sync.Mutex
	nextOut int // of the next message to send
	nextIn  int // of the next message due from the peer
	sent    [keep]entry
	file    io.WriterAt // nil: memory only
}

type entry struct {
	seq    int
	kind   string
	fields []byte
	time   time.Time
}

// NewJournal returns a journal in memory. Both sequence numbers are 1.
func NewJournal() *Journal { return &Journal{nextOut: 1, nextIn: 1} }

// OpenJournal returns a journal that keeps its two sequence numbers in a file, so that a session can continue after
// the process has ended. It does not keep messages in the file: a gap fill replaces them.
func OpenJournal(path string) (*Journal, io.Closer, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the caller's choice of path
	if err != nil {
		return nil, nil, fmt.Errorf("open journal: %w", err)
	}
	j := NewJournal()
	j.file = file
	var numbers [16]byte
	if n, _ := file.ReadAt(numbers[:], 0); n == len(numbers) {
		j.nextOut = int(binary.BigEndian.Uint64(numbers[:8]))
		j.nextIn = int(binary.BigEndian.Uint64(numbers[8:]))
	}
	if j.nextOut < 1 || j.nextIn < 1 {
		_ = file.Close()
		return nil, nil, fmt.Errorf("open journal: %s holds no sequence numbers", path)
	}
	return j, file, nil
}

// Next returns the sequence numbers of the next message to send and of the next one from the peer.
func (j *Journal) Next() (out, in int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.nextOut, j.nextIn
}

// reset sets both sequence numbers to 1 and forgets all messages.
func (j *Journal) reset() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.nextOut, j.nextIn = 1, 1
	j.sent = [keep]entry{}
	return j.save()
}

// take returns the next sequence number and stores the message with it. Fields are nil for a session message, because
// it is never sent again.
func (j *Journal) take(kind string, fields []byte, now time.Time) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	seq := j.nextOut
	j.nextOut++
	j.sent[seq%keep] = entry{seq, kind, fields, now}
	return seq, j.save()
}

// find returns the message with a sequence number; false if it was a session message or is no longer stored.
func (j *Journal) find(seq int) (entry, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	e := j.sent[seq%keep]
	return e, e.seq == seq && e.fields != nil
}

// expect sets the sequence number of the next message from the peer.
func (j *Journal) expect(seq int) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.nextIn = seq
	return j.save()
}

func (j *Journal) save() error {
	if j.file == nil {
		return nil
	}
	var numbers [16]byte
	binary.BigEndian.PutUint64(numbers[:8], uint64(j.nextOut)) //nolint:gosec // never negative
	binary.BigEndian.PutUint64(numbers[8:], uint64(j.nextIn))  //nolint:gosec // never negative
	if _, err := j.file.WriteAt(numbers[:], 0); err != nil {
		return fmt.Errorf("save journal: %w", err)
	}
	return nil
}
