package engine

import (
	"maps"
	"sync"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
)

// Refused returns a gap fill in place of a message that was refused before, nil for any other message. The refusal is among the messages
// that the provider can have again; a second one would answer the message twice, and maybe differently.
func (e *Engine) Refused(msg []byte) (instead []byte) {
	seq, msgType := wire.SeqNum(msg), string(wire.Value(msg, "35="))
	if seq == 0 || msgType == "A" || msgType == "4" { // they are not sent again
		return nil
	}
	content := wire.Content(msg)
	if e.store.In.Refused(seq, content) && seq >= e.store.In.Next() {
		return gapFill(e.provider, seq)
	}
	e.contents.note(seq, content, e.store.In.Next)
	return nil
}

// gapFill returns a SequenceReset-GapFill for one number of the provider's.
func gapFill(p provider.Provider, seq int) []byte {
	now := time.Now().UTC()
	body := wire.AppendField(nil, 35, "4")
	body = wire.AppendField(body, 34, sequence(seq))
	body = wire.AppendField(body, 43, "Y")
	body = wire.AppendField(body, 49, p.CompID)
	body = append(wire.AppendTimestamp(append(body, "52="...), now), '\x01')
	body = wire.AppendField(body, 56, p.OurCompID)
	body = append(wire.AppendTimestamp(append(body, "122="...), now), '\x01')
	body = wire.AppendField(body, 123, "Y")
	return wire.Build(p.BeginString, wire.AppendField(body, 36, sequence(seq+1)))
}

// rejectCompID is SessionRejectReason(373)=9, CompID problem. After it, and after rejectSendingTime, quickfix logs out and does not count
// the message: its number stays due.
const rejectCompID = 9

// refuses returns the cause of a Reject or a BusinessMessageReject of ours: it names the message that it refuses. It returns nil if that
// message does not count as received.
func (a application) refuses(m *quickfix.Message) *store.Cause {
	seq, err := m.Body.GetInt(tagRefSeqNum)
	if err != nil || seq != a.store.In.Next() {
		return nil
	}
	if reason, err := m.Body.GetInt(tagRejectReason); err == nil && (reason == rejectCompID || reason == rejectSendingTime) {
		return nil
	}
	content := a.contents.drop(seq)
	if content == nil {
		return nil
	}
	_, generation, _ := a.store.Entry()
	return &store.Cause{Refuses: seq, Generation: generation, Content: content}
}

// Bounds of contents. Most messages are dropped soon.
const (
	fewContents = 1_024  // as many may lie there needlessly
	maxContents = 16_384 // a refusal beyond it is not noted
)

// contents has the contents of messages on their way to the acceptor, by their numbers. quickfix does not say which message it refuses,
// only its number. The zero value is empty.
type contents struct {
	mu    sync.Mutex
	byNum map[int][]byte
	limit int // from which on it looks for what is not needed any more
}

// note notes a message. due returns the number that the acceptor expects.
func (c *contents) note(seq int, content []byte, due func() int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byNum == nil {
		c.byNum, c.limit = map[int][]byte{}, fewContents
	}
	if len(c.byNum) >= c.limit {
		next := due()
		maps.DeleteFunc(c.byNum, func(number int, _ []byte) bool { return number < next })
		if len(c.byNum) >= maxContents {
			clear(c.byNum)
		}
		c.limit = max(fewContents, 2*len(c.byNum))
	}
	c.byNum[seq] = content
}

// drop returns the content of a message, and forgets it; nil if it is not known.
func (c *contents) drop(seq int) []byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	content := c.byNum[seq]
	delete(c.byNum, seq)
	return content
}

func (c *contents) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.byNum)
}
