package record

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/scripts/testbench/oracle"
)

// Writer writes a record. It is safe for use by several goroutines. A line that can not be written is told by Err.
type Writer struct {
	mu  sync.Mutex
	out *json.Encoder
	err error
}

// NewWriter writes to out, one write a line.
func NewWriter(out io.Writer) *Writer { return &Writer{out: json.NewEncoder(out)} }

// Sent writes down a request; do so before it is sent, so that nothing is answered that was not asked for.
func (w *Writer) Sent(s oracle.Sent) {
	attempt := "1"
	if s.Again {
		attempt = "2"
	}
	w.write(line{
		Type: "sent", Time: s.At.UTC().Format(time.RFC3339Nano), Session: s.Session, Ref: s.Reference, Form: s.Form, Product: s.Product, Action: s.Action,
		Target: s.Target, Uses: s.Uses, For: s.For, Quote: s.Quote, Rest: s.Rest, Client: s.Client, Pair: s.Pair, Currency: s.Currency, Side: s.Side, Amount: text(s.Amount), Rate: text(s.Rate),
		Attempt: attempt,
	})
}

// Received writes down an answer.
func (w *Writer) Received(a oracle.Answer) {
	w.write(line{
		Type: "received", Time: a.At.UTC().Format(time.RFC3339Nano), Session: a.Session, Ref: a.Reference, Form: a.Form, State: string(a.State),
		ID: a.ID, ExecID: a.ExecID, Reason: a.Reason, Text: a.Text, Seq: strconv.Itoa(a.Seq), PossDup: flag(a.Again),
	})
}

func flag(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

func text(d decimal.Decimal) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func (w *Writer) write(l line) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.out.Encode(l); err != nil && w.err == nil {
		w.err = fmt.Errorf("write record: %w", err)
	}
}

// Err is the first failure to write.
func (w *Writer) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}
