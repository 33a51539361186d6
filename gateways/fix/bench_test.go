package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/gatewaytest"
)

// BenchmarkOrders measures orders through the gateway alone: a process of its own with Postgres and RabbitMQ, and a core that
// answers at once. Each order has two answers, pending and filled. The generator shares the machine.
func BenchmarkOrders(b *testing.B) {
	for _, load := range []struct{ sessions, window int }{{1, 1}, {1, 20}, {4, 125}} {
		b.Run(fmt.Sprintf("sessions=%d/window=%d", load.sessions, load.window), func(b *testing.B) {
			g := startGateway(b, "LOG_LEVEL=info")
			gatewaytest.StartCore(b, g.Broker)
			ids := []string{"ALPHA", "GAMMA", "DELTA", "ECHO"}[:load.sessions]
			clients := make([]*client, len(ids))
			for i, id := range ids {
				clients[i] = newClient(b, id).reset(g.Address)
			}
			if file := os.Getenv("GATEWAY_PROFILE"); file != "" {
				go profile(g, file)
			}
			b.ResetTimer()
			done := make(chan error, len(clients))
			for _, c := range clients {
				go func() { done <- c.trade(b.N/len(clients)+1, load.window) }()
			}
			for range clients {
				if err := <-done; err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
			b.ReportMetric(float64(cpu(g).Microseconds())/float64(b.N), "gateway-cpu-µs/order")
		})
	}
}

// trade sends n orders. At most a window of them is unanswered at any time.
func (c *client) trade(n, window int) error {
	sent, filled := 0, 0
	var out strings.Builder
	for filled < n {
		out.Reset()
		for sent < n && sent-filled < window {
			out.WriteString(c.message("D", c.next, "", order(fmt.Sprintf("%d-%d", c.next, sent))))
			c.next++
			sent++
		}
		if out.Len() > 0 {
			if _, err := c.conn.Write([]byte(out.String())); err != nil {
				return err
			}
		}
		got, err := c.readFills()
		if err != nil {
			return err
		}
		filled += got
	}
	return nil
}

// readFills reads once and counts the final answers in what it has read.
func (c *client) readFills() (int, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(30 * time.Second))
	fills := 0
	for fills == 0 {
		if _, err := c.cutter.Fill(c.conn); err != nil {
			return 0, err
		}
		for {
			piece, ok := c.cutter.Next()
			if !ok {
				break
			}
			switch status := string(wire.Value(piece.Bytes, "39=")); status {
			case "2":
				fills++
			case "A", "":
			default:
				return 0, fmt.Errorf("got %s", told(piece.Bytes))
			}
		}
	}
	return fills, nil
}
