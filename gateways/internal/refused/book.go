package refused

import (
	"fmt"
	"strconv"
	"sync"
	"time"

	"fxcore/gateways/internal/store"
	"fxcore/gateways/internal/story"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// Bounds of one session: a provider whose program sends the same faulty message for ever must not fill the core's tables.
const (
	mostAMinute = 60
	margin      = 10 * time.Second // after a minute's end, until its count is published: the last one may wait for its commit
)

// Who describes the session whose messages are refused.
type Who struct {
	Provider string
	Origin   string // the last word of the routing key
	Session  string // whose numbers the provider's messages have
	Source   string // service and replica that publish
}

// Message is a message that a gateway refuses.
type Message struct {
	Protocol  string
	Sequence  int64 // its number, as its sender gave it; 0 if it could not be read
	Reference string
	Code      string
	Text      string
	Bytes     []byte // at most MaxBytes, with secrets masked
	Size      int    // of the whole message
}

// Book makes the notices of one session's refused messages: mostAMinute in a minute one by one, and the others as a count. Its methods
// are safe for concurrent use.
type Book struct {
	who  Who
	bank func() time.Time // dates what is told
	now  func() time.Time // the machine's clock, for the bound

	mu      sync.Mutex
	minute  time.Time
	first   time.Time // when the first message that is only counted came, by the bank's clock
	told    int       // in this minute
	leftOut int
}

// NewBook returns a book. bank is the bank's clock.
func NewBook(who Who, bank func() time.Time) *Book { return &Book{who: who, bank: bank, now: time.Now} }

// Note returns the notice about a refused message; nil if it cannot be made. It must go with the refusal, see store.Cause.
func (b *Book) Note(m Message) *store.Notice {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, at := b.now(), b.bank().UTC()
	if minute := now.Truncate(time.Minute); !minute.Equal(b.minute) {
		b.minute, b.told, b.leftOut = minute, 0, 0
	}
	if b.told < mostAMinute {
		b.told++
		return b.notice(b.one(m, at), 0, stamp(now), strconv.Itoa(b.told))
	}
	if b.leftOut == 0 {
		b.first = at
	}
	b.leftOut++
	return b.notice(b.count(m.Protocol), b.minute.Add(time.Minute+margin).Sub(now), "left out", stamp(b.minute), stamp(b.first))
}

func stamp(at time.Time) string { return at.Format(time.RFC3339Nano) }

// one tells of one message.
func (b *Book) one(m Message, at time.Time) Data {
	return Data{
		Provider: b.who.Provider, ReceivedAt: at, Reference: clean(m.Reference, maxReference),
		Reason: Reason{Code: clean(m.Code, maxText), Text: clean(m.Text, maxText)},
		Original: story.Original{
			Protocol: m.Protocol, Session: b.who.Session, Sequence: int(m.Sequence), Bytes: m.Bytes[:min(len(m.Bytes), MaxBytes)], Size: m.Size,
		},
	}
}

// LeftOut is the code of a reason that only counts messages.
const LeftOut = "left_out"

// count tells how many messages of the present minute nobody is told of one by one.
func (b *Book) count(protocol string) Data {
	text := fmt.Sprintf("%d more messages were refused in this minute: only the first %d are kept", b.leftOut, mostAMinute)
	return Data{
		Provider: b.who.Provider, ReceivedAt: b.first, Reason: Reason{Code: LeftOut, Text: text}, LeftOut: b.leftOut,
		Original: story.Original{Protocol: protocol, Session: b.who.Session},
	}
}

// notice returns a notice whose event has an id that is derived from the parts.
func (b *Book) notice(d Data, wait time.Duration, parts ...string) *store.Notice {
	id := event.NewID(event.DayOf(d.ReceivedAt), append([]string{contract.MessageRefused.Name, b.who.Session}, parts...)...)
	e, err := event.New(contract.MessageRefused, id, b.who.Origin, id, d)
	if err != nil {
		return nil // texts, numbers and bytes: never
	}
	e.Time, e.Source = d.ReceivedAt, b.who.Source
	return &store.Notice{Event: e, Wait: wait}
}
