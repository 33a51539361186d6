package engine

import (
	"errors"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
)

// messages is quickfix's MessageStore on the session's store. It is also quickfix's MessageStoreFactory, because an engine has
// one session.
type messages struct {
	store  *store.Session
	engine *Engine
}

var (
	_ quickfix.MessageStore        = messages{}
	_ quickfix.MessageStoreFactory = messages{}
)

// Create returns the store itself.
func (m messages) Create(quickfix.SessionID) (quickfix.MessageStore, error) { return m, nil }

// NextSenderMsgSeqNum returns the number of the next message to the provider.
func (m messages) NextSenderMsgSeqNum() int { return m.store.Out.Next() }

// NextTargetMsgSeqNum returns the number that the provider's next message must have. quickfix asks for it after each resend.
func (m messages) NextTargetMsgSeqNum() int {
	m.engine.owed.sent()
	return m.store.In.Next()
}

// IncrNextSenderMsgSeqNum skips a number.
func (m messages) IncrNextSenderMsgSeqNum() error {
	return m.store.Out.SetNext(m.NextSenderMsgSeqNum() + 1)
}

// IncrNextTargetMsgSeqNum counts an incoming message.
func (m messages) IncrNextTargetMsgSeqNum() error { return m.store.In.Count() }

// SetNextSenderMsgSeqNum sets the number of the next message to the provider.
func (m messages) SetNextSenderMsgSeqNum(next int) error { return m.store.Out.SetNext(next) }

// SetNextTargetMsgSeqNum follows a gap fill or a sequence reset of the provider.
func (m messages) SetNextTargetMsgSeqNum(next int) error { return m.store.In.SetNext(next) }

// CreationTime returns when the session's numbers began at 1.
//
// It also yields to other goroutines, which makes sending two hundred times faster. When quickfix has messages to send, its
// loop spins until its writer goroutine takes one (quickfixgo v0.9.10, session.sendBytes), and the spinning keeps the writer
// from running. The loop calls CreationTime in every turn, before it takes a lock.
func (m messages) CreationTime() time.Time {
	runtime.Gosched()
	if began := m.store.Began(); !began.IsZero() {
		return began
	}
	return time.Now() // not open: an old time would make the engine begin the session again
}

// SetCreationTime does nothing: ids depend on the beginning of a generation, so it must not change.
func (m messages) SetCreationTime(time.Time) {}

// SaveMessageAndIncrNextSenderMsgSeqNum stores a message and counts it.
func (m messages) SaveMessageAndIncrNextSenderMsgSeqNum(seq int, msg []byte) error {
	if err := m.store.Out.Append(seq, msg); err != nil {
		return err
	}
	m.engine.pending.note(seq, msg)
	m.store.Out.SetRecall(m.engine.pending.since(seq + 1))
	return nil
}

// SaveMessage stores a message and does not count it.
func (m messages) SaveMessage(seq int, msg []byte) error { return m.store.Out.Save(seq, msg) }

// GetMessages returns the messages with numbers from begin to end. It is part of quickfix' interface; the engine itself
// iterates.
func (m messages) GetMessages(begin, end int) ([][]byte, error) {
	var all [][]byte
	err := m.IterateMessages(begin, end, func(msg []byte) error {
		all = append(all, msg)
		return nil
	})
	return all, err
}

// IterateMessages calls send with each message from begin to end, in order. Until it returns, no other message is sent: quickfix
// would mix them, and some providers take messages out of order for a gap (quickfixgo issues 715 and 768).
//
// If the last messages were purged, IterateMessages passes an admin message with the last number to send. quickfix fills gaps
// only up to the last message that it gets; without one it would not answer a request for purged messages at all.
//
// Once the provider's connection has ended, IterateMessages stops and returns nil, so that quickfix is soon through with all that
// the connection asked for. (After an error quickfix would stop reading and leave a goroutine behind.)
func (m messages) IterateMessages(begin, end int, send func([]byte) error) error {
	again := &resend{from: m, send: send, asker: m.engine.serving.Load()}
	if again.gone() {
		return nil
	}
	err := m.store.Kept.Replay(begin, end, again.add, func(last int) error {
		if err := again.flush(); err != nil {
			return err
		}
		if begin <= end && last < end {
			return send(m.placeholder(end))
		}
		return nil
	})
	if errors.Is(err, errGone) {
		return nil
	}
	return err
}

// placeholder returns a heartbeat with a number.
func (m messages) placeholder(seq int) []byte {
	name, _, _ := m.store.Entry()
	version, _, _ := strings.Cut(name, ":")
	return wire.Build(version, []byte("35=0\x0134="+strconv.Itoa(seq)+"\x01"))
}

// Refresh does nothing: after Open the memory is never behind Postgres.
func (m messages) Refresh() error { return nil }

// Reset begins the session again at 1.
func (m messages) Reset() error { return m.store.Begin() }

// Close does nothing: the writer's context ends it.
func (m messages) Close() error { return nil }

// Answer is the store's Split for FIX. It returns the message's type, and the fields between header and trailer, each with its
// SOH.
func Answer(m store.Sent) (msgType string, body []byte) {
	return string(wire.Value(m.Body, "35=")), wire.Body(m.Body)
}
