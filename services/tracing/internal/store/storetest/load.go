package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// The load of [Load]: trades as a busy bank has them.
const (
	perTrade   = 14  // messages
	apart      = 8   // milliseconds between two messages of a trade
	tradeEach  = 5   // milliseconds from one trade to the next: 200 a second
	clients    = 200 // who trade
	loadOfText = 900 // bytes of a message's data
)

// Load appends n messages of trades at 200 a second, in batches of a second, as fast as the store takes them.
func Load(b *testing.B, s store.Appender, run string, n int) {
	b.Helper()
	batch := perTrade * 1000 / tradeEach
	messages := trades(run, n)
	for first := 0; first < len(messages); first += batch {
		some := messages[first:min(first+batch, len(messages))]
		places := make([]store.Place, len(some))
		for i, r := range some {
			places[i] = store.Place{Correlation: r.Correlation, ID: r.ID}
		}
		if known, err := s.Known(b.Context(), places); err != nil || len(known) > 0 {
			b.Fatal(len(known), err)
		}
		Append(b, s, today, int64(first+batch), some...)
	}
}

// trades returns n messages, in the order of their time.
func trades(run string, n int) []journal.Record {
	type due struct{ trade, step int }
	slots := map[int][]due{}
	var all []journal.Record
	for at := 0; len(all) < n; at++ {
		if at%tradeEach == 0 {
			for step := range perTrade {
				slots[at+step*apart] = append(slots[at+step*apart], due{at / tradeEach, step})
			}
		}
		for _, d := range slots[at] {
			all = append(all, step(run, d.trade, d.step, at))
		}
		delete(slots, at)
	}
	return all[:n]
}

func step(run string, trade, n, at int) journal.Record {
	name := event.NewID(today, run, fmt.Sprint(trade))
	services := []string{"fix", "auth", "trading", "linecheck", "trading", "responsibility", "mainframe", "settlement", "api"}
	r := journal.Record{
		ID: event.ChildID(name, fmt.Sprint(n)), Correlation: name, Traceparent: "00-" + event.TraceID(name) + "-" + event.SpanID(name) + "-01",
		Type: fmt.Sprintf("trade.step%d.v1", n), Origin: "alpha", Source: services[n%len(services)] + "/1", Time: noon.Add(time.Duration(at) * time.Millisecond),
		Client: fmt.Sprintf("C%06d", trade%clients), Provider: "ALPHA", Reference: "R-" + name, Payload: []byte(`{"x":"` + strings.Repeat("1.2345 EURUSD ", loadOfText/14) + `"}`),
	}
	r.Started = r.Time.Add(-4 * time.Millisecond)
	if n > 0 {
		r.Causation = event.ChildID(name, fmt.Sprint(n-1))
	}
	return r
}
