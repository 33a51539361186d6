package run

import (
	"context"
	"fmt"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/log"
)

// lastWords bounds how long a program that stops waits until the broker has its last lines.
const lastWords = time.Second

// ship sends the program's log lines to the broker while it runs. What the program logs before this part starts waits in the buffer; what
// it logs after this part has stopped is only on standard output.
func (a *App) ship(bus *amqp.Bus) {
	a.Health.Gauge("logs.held_bytes", func() int64 { return int64(a.entries.Held()) })
	a.Health.Gauge("logs.dropped", a.entries.Lost)
	a.Health.Measure("fx_logs_held_bytes", func() float64 { return float64(a.entries.Held()) })
	a.Health.Measure("fx_logs_dropped_total", func() float64 { return float64(a.entries.Lost()) })
	a.Go("logs", func(ctx context.Context) error {
		c := &cargo{app: a, boot: fmt.Sprintf("%s/%d", a.Source, time.Now().UnixNano())}
		bus.Ship(ctx, c)
		rest, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
		defer cancel()
		bus.Ship(rest, last{c})
		return nil
	})
}

// cargo is the buffered lines as posts. The id of a post says who wrote its lines and the number of the first.
type cargo struct {
	app   *App
	boot  string // service, replica, and when its process began to send
	batch log.Batch
}

// EntriesMediaType is the media type of a post of log lines: one JSON object a line.
const EntriesMediaType = "application/x-ndjson"

func (c *cargo) Next(ctx context.Context) (amqp.Post, bool) {
	var some bool
	if c.batch, some = c.app.entries.Next(ctx); !some {
		return amqp.Post{}, false
	}
	return amqp.Post{ID: fmt.Sprintf("%s/%d", c.boot, c.batch.First), MediaType: EntriesMediaType, Body: c.batch.Body}, true
}

// Sent also tells what was dropped, now that the way is free.
func (c *cargo) Sent() {
	c.app.entries.Sent(c.batch)
	if dropped := c.app.entries.Dropped(); dropped > 0 {
		c.app.losses.Warn("log lines were dropped before they were sent: standard output has them", "labels.dropped", dropped)
	}
}

// last is what is left of a cargo: it waits for nothing.
type last struct{ *cargo }

func (l last) Next(ctx context.Context) (amqp.Post, bool) {
	if ctx.Err() != nil {
		return amqp.Post{}, false
	}
	ended, end := context.WithCancel(ctx)
	end()
	return l.cargo.Next(ended)
}
