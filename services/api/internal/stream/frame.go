package stream

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"fxcore/services/api/internal/blotter"
)

// Frame is what changed from a position (included) to another (excluded). It is encoded once for each desk.
type Frame struct {
	From, To uint64
	At       time.Time

	trades  []*blotter.Facts
	mu      sync.Mutex
	encoded map[string][]byte
}

// AllDesks is the desk of who may see all trades.
const AllDesks = ""

// data is what a frame says.
type data struct {
	At     int64           `json:"at"` // Unix milliseconds, by the bank's clock
	Trades []blotter.Trade `json:"trades"`
}

// event returns the frame as a server-sent event for who may see the trades of a desk; nil if there is none among them.
func (f *Frame) event(epoch, desk string) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if text, done := f.encoded[desk]; done {
		return text
	}
	if f.encoded == nil {
		f.encoded = map[string][]byte{}
	}
	f.encoded[desk] = f.encode(epoch, desk)
	return f.encoded[desk]
}

func (f *Frame) encode(epoch, desk string) []byte {
	said := data{At: f.At.UnixMilli()}
	for _, t := range f.trades {
		if desk == AllDesks || t.Desk() == desk {
			said.Trades = append(said.Trades, t.Trade())
		}
	}
	if len(said.Trades) == 0 {
		return nil
	}
	text, _ := json.Marshal(said) // texts and numbers: never fails
	return fmt.Appendf(nil, "id: %s\ndata: %s\n\n", Position{epoch, f.To}, text)
}
