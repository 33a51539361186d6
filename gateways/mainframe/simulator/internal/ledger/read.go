package ledger

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// Count is the number of trades booked.
func (l *Ledger) Count() int {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return len(l.booked)
}

// Find returns the line of a trade; false if it is not booked.
func (l *Ledger) Find(tradeID string) ([]byte, bool, error) {
	l.mu.RLock()
	p, found := l.booked[keyOf(tradeID)]
	l.mu.RUnlock()
	if !found {
		return nil, false, nil
	}
	line := make([]byte, p.length)
	if _, err := l.file.ReadAt(line, p.offset); err != nil {
		return nil, false, fmt.Errorf("read ledger: %w", err)
	}
	return line, true, nil
}

// Lines returns all bookings so far, in order of arrival, as they lie in the file.
func (l *Ledger) Lines() io.Reader {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return io.NewSectionReader(l.file, 0, l.size)
}

// recover takes the file's lines into memory, and cuts off what a crash left of a last one.
func (l *Ledger) recover() error {
	for lines := bufio.NewReaderSize(l.file, 1<<20); ; {
		line, err := lines.ReadSlice('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = l.remember(line)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", len(l.booked)+1, err)
		}
	}
	if err := l.file.Truncate(l.size); err != nil {
		return err
	}
	_, err := l.file.Seek(l.size, io.SeekStart)
	return err
}
