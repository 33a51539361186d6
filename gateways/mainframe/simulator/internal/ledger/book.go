package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"fxcore/gateways/mainframe/simulator/internal/journal"
)

// decide finds the trade in the book, or books it.
func (l *Ledger) decide(g *journal.Group, tradeID string, request []byte, trade func() (json.RawMessage, error)) (Entry, error) {
	digest := sha256.Sum256(request)
	known, found := l.booked[keyOf(tradeID)]
	switch {
	case found && known.digest != digest:
		return Entry{}, ErrConflict
	case found:
		return Entry{Reference: reference(known.number), BookedAt: time.UnixMicro(known.bookedAt).UTC(), Again: true}, nil
	}
	content, err := trade()
	if err != nil {
		return Entry{}, err
	}
	now := l.now().UTC().Truncate(time.Microsecond)
	p := place{number: int64(len(l.booked) + 1), digest: digest, bookedAt: now.UnixMicro()}
	p.line, err = g.Append(Line{
		Reference: reference(p.number), BookedAt: now, TradeID: tradeID, Digest: hex.EncodeToString(digest[:]), Trade: content,
	})
	if err != nil {
		return Entry{}, err
	}
	l.booked[keyOf(tradeID)] = p
	return Entry{Reference: reference(p.number), BookedAt: now}, nil
}

// remember takes a line of the file into memory.
func (l *Ledger) remember(text []byte, at journal.Place) error {
	var line Line
	if err := json.Unmarshal(text, &line); err != nil {
		return err
	}
	p := place{number: int64(len(l.booked) + 1), line: at, bookedAt: line.BookedAt.UnixMicro()}
	digest, err := hex.DecodeString(line.Digest)
	if err != nil || len(digest) != len(p.digest) || line.Reference != reference(p.number) {
		return fmt.Errorf("booking %s: digest or reference is not what was written", line.TradeID)
	}
	copy(p.digest[:], digest)
	l.booked[keyOf(line.TradeID)] = p
	return nil
}

// reference is the host's number of a booking: the n-th that arrived.
func reference(n int64) string { return fmt.Sprintf("B%011d", n) }

// Count is the number of trades booked.
func (l *Ledger) Count() (n int) {
	l.journal.View(func() { n = len(l.booked) })
	return n
}

// Find returns the line of a trade; false if it is not booked.
func (l *Ledger) Find(tradeID string) ([]byte, bool, error) {
	var p place
	var found bool
	l.journal.View(func() { p, found = l.booked[keyOf(tradeID)] })
	if !found {
		return nil, false, nil
	}
	line, err := l.journal.Line(p.line)
	return line, err == nil, err
}

// Lines returns all bookings so far, in order of arrival, as they lie in the file.
func (l *Ledger) Lines() io.Reader { return l.journal.Lines() }
