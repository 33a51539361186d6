package run

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/health"
	"fxcore/lambda/log"
)

// Describe does nothing unless the program has the argument -describe. Then it prints the topology as JSON, for the documents
// and the broker's definitions, and ends the process. Call it first in a main function: it needs no settings. It answers -version and -healthy, too.
func Describe(t amqp.Topology) {
	Version()
	Healthy()
	if !slices.Contains(os.Args[1:], "-describe") {
		return
	}
	out := json.NewEncoder(os.Stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(auditing(reporting(t))); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "describe:", err)
		os.Exit(exitFailed)
	}
	os.Exit(exitDone)
}

// Bus returns the program's session with the broker. It stops after all later parts, so that they can publish while they
// stop. While the broker is away, the program is not ready. From the start on, the program reports its health by the bus, and
// publishes what it notes for the audit.
func (a *App) Bus(cfg amqp.Config, t amqp.Topology) *amqp.Bus {
	bus := amqp.Open(cfg, auditing(reporting(t)), a.Source, log.Named(a.Log, "amqp"))
	a.Health.Add("amqp", func(context.Context) error { return bus.Ready() })
	a.Go("amqp", bus.Run)
	a.Go("health reports", (&heartbeat{health: a.Health, publisher: bus, source: a.Source}).run)
	a.ship(bus)
	a.audit(bus)
	return bus
}

// Consume hands the queue's events to h for as long as the program runs. The health counts batches, handled events, emitted
// events and failed ones, each under the queue's name.
func (a *App) Consume(bus *amqp.Bus, queue string, h amqp.Handler) {
	counted := counting{
		next:    h,
		batches: a.Health.Counter(queue + ".batches"),
		handled: a.Health.Counter(queue + ".handled"),
		emitted: a.Health.Counter(queue + ".emitted"),
		failed:  a.Health.Counter(queue + ".failed"),
	}
	for name, counter := range map[string]*health.Counter{
		"batches": counted.batches, "handled": counted.handled, "emitted": counted.emitted, "failed": counted.failed,
	} {
		a.Health.Measure(`fx_queue_`+name+`_total{queue="`+queue+`"}`, func() float64 { return float64(counter.Value()) })
	}
	a.Go("consume "+queue, func(ctx context.Context) error { return bus.Consume(ctx, queue, counted) })
}

// counting counts what a handler does.
type counting struct {
	next                              amqp.Handler
	batches, handled, emitted, failed *health.Counter
}

func (c counting) Handle(ctx context.Context, events []event.Event) []amqp.Result {
	results := c.next.Handle(ctx, events)
	emitted, failed := 0, 0
	for _, r := range results {
		emitted += len(r.Emit)
		if r.Err != nil {
			failed++
		}
	}
	c.batches.Add(1)
	c.handled.Add(len(events) - failed)
	c.emitted.Add(emitted)
	c.failed.Add(failed)
	return results
}
