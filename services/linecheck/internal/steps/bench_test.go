package steps

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
)

// BenchmarkTrades measures the cost of the lines per trade. Two replicas at the same time reserve and consume trades of 200
// clients in 20 groups on 4 desks. A single hot client makes every third trade.
func BenchmarkTrades(b *testing.B) {
	for _, size := range []int{1, 10, 50} {
		b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) { benchmarkTrades(b, size) })
	}
}

func benchmarkTrades(b *testing.B, size int) {
	pool := schema(b)
	log := slog.New(slog.DiscardHandler)
	var handlers [2]amqp.Handler
	for i := range handlers {
		handlers[i] = all(static{snapshot: crowd()}).Handler(pool, "linecheck/"+strconv.Itoa(i), log)
	}
	batches := make([][]event.Event, (b.N+size-1)/size)
	for i := range batches {
		for j := range size {
			batches[i] = append(batches[i], crowdTrade(b, i*size+j))
		}
	}
	b.ResetTimer()
	var next atomic.Int64
	var wait sync.WaitGroup
	for _, h := range handlers {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(batches)); i = next.Add(1) - 1 {
				registered := make([]event.Event, 0, size)
				for k, r := range h.Handle(context.Background(), batches[i]) {
					if r.Err != nil || r.Emit[0].Type != contract.TradeReserved {
						b.Errorf("%v %s", r.Err, r.Emit)
						return
					}
					e, _ := r.Emit[0].Next(contract.TradeRegistered, r.Emit[0].Data)
					e.Correlation = batches[i][k].Correlation
					registered = append(registered, e)
				}
				h.Handle(context.Background(), registered)
			}
		})
	}
	wait.Wait()
	b.ReportMetric(float64(len(batches)*size)/b.Elapsed().Seconds(), "trades/s")
}

// crowd returns static data of 200 clients.
func crowd() *directory.Snapshot {
	s := snapshot()
	wide := line.Limit{Amount: decimal.New(1, 15), Settlement: decimal.NewNullDecimal(decimal.New(1, 15))}
	for i := range 200 {
		for _, key := range []string{crowdPath(i).Group, crowdPath(i).Desk, crowdPath(i).Client} {
			level := map[byte]line.Level{'G': line.Group, 'F': line.Desk, 'C': line.Client}[key[0]]
			s.Limits[line.Node{Level: level, ID: key}] = usd(wide)
		}
		s.Holdings[crowdPath(i).Client] = []line.Holding{
			{Kind: line.Cash, Currency: "EUR", Quantity: dec("1000000")},
			{Kind: line.Stock, Currency: "USD", Quantity: dec("1000"), Price: dec("12.34"), MainIndex: true},
		}
	}
	return s
}

func crowdPath(i int) line.Path {
	return line.Path{Group: fmt.Sprintf("G%04d", i%20), Desk: fmt.Sprintf("FXS%d", i%4), Client: fmt.Sprintf("C%06d", i)}
}

func crowdTrade(b *testing.B, i int) event.Event {
	client := 0
	if i%3 != 0 {
		client = rand.IntN(200)
	}
	p := crowdPath(client)
	trade := spot{strconv.Itoa(i), p.Client, "1000000"}
	data := trade.dataOn(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC).AddDate(0, 0, i%10).Format(time.DateOnly))
	data["authorized"] = map[string]any{"client_group": p.Group, "desk": p.Desk}
	return message(b, contract.TradeValidated, trade.id(), "1", time.Now().Add(time.Hour), data)
}
