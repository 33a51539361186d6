package stream

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"fxcore/services/api/internal/blotter"
	"fxcore/services/contract/access"
)

// Frame is what changed from a position (included) to another (excluded). It is encoded once for each group.
type Frame struct {
	From, To uint64
	At       time.Time

	trades  []*blotter.Facts
	mu      sync.Mutex
	encoded map[Group][]byte
	lines   []string // the nodes of those of which the trades tell
}

// Group is listeners who may see the same trades, and the same lines. The trades are those of a desk, those of a client, or all if both
// are empty.
type Group struct {
	Desk, Client string

	Lines access.Sight
}

// Shown returns what the group sees of a trade. Flags are for the bank's people: they may tell what lines of the bank carry.
func (g Group) Shown(f *blotter.Facts) blotter.Trade {
	t := f.Trade().For(g.Lines.Sees)
	if g.Client != "" {
		t.Flags = nil
	}
	return t
}

// sees reports whether the group may see a trade.
func (g Group) sees(f *blotter.Facts) bool {
	return (g.Desk == "" || g.Desk == f.Desk()) && (g.Client == "" || g.Client == f.Client())
}

// data is what a frame says.
type data struct {
	At     int64           `json:"at"` // Unix milliseconds, by the bank's clock
	Trades []blotter.Trade `json:"trades"`
}

// event returns the frame as a server-sent event for a group; nil if there is none among them.
func (f *Frame) event(epoch string, g Group) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.encoded == nil {
		f.encoded, f.lines = map[Group][]byte{}, linesOf(f.trades)
	}
	g = f.shared(g)
	if text, done := f.encoded[g]; done {
		return text
	}
	f.encoded[g] = f.encode(epoch, g)
	return f.encoded[g]
}

// shared returns a group that reads the same in the frame: with all others of its desk, unless the frame tells of the own line of one
// of them. So a frame is encoded few times, however many people listen.
func (f *Frame) shared(g Group) Group {
	common := g.Lines.Common()
	for _, node := range f.lines {
		if g.Lines.Sees(node) != common.Sees(node) {
			return g
		}
	}
	g.Lines = common
	return g
}

// linesOf returns the nodes of the lines of which trades tell.
func linesOf(trades []*blotter.Facts) (nodes []string) {
	for _, t := range trades {
		nodes = append(nodes, t.Trade().Lines()...)
	}
	return nodes
}

func (f *Frame) encode(epoch string, g Group) []byte {
	said := data{At: f.At.UnixMilli()}
	for _, t := range f.trades {
		if g.sees(t) {
			said.Trades = append(said.Trades, g.Shown(t))
		}
	}
	if len(said.Trades) == 0 {
		return nil
	}
	text, _ := json.Marshal(said) // texts and numbers: never fails
	return fmt.Appendf(nil, "id: %s\ndata: %s\n\n", Position{epoch, f.To}, text)
}
