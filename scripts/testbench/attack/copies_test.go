//go:build e2e

package attack

import (
	"context"
	"slices"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
)

// copied publishes a message with further routing keys in the headers CC and BCC. The broker checks the user's right to the first key alone.
func copied(t *testing.T, m means, exchange, key string, header string, further []any, body []byte) {
	t.Helper()
	ch, err := m.broker(t).Channel()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ch.Close() }()
	closed := ch.NotifyClose(make(chan *amqp091.Error, 1))
	if err := ch.Confirm(false); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	confirm, err := ch.PublishWithDeferredConfirmWithContext(ctx, exchange, key, false, false, amqp091.Publishing{
		ContentType: event.MediaType, UserId: m.program, DeliveryMode: amqp091.Persistent, MessageId: "attack",
		Headers: amqp091.Table{header: further}, Body: body,
	})
	if err != nil {
		t.Fatal(err)
	}
	select {
	case reason := <-closed: // a broker that checks all keys refuses it
		t.Log(reason)
	case <-confirm.Done():
	case <-ctx.Done():
		t.Fatal("the broker says nothing")
	}
}

// readersOf are the queues that are bound to a type of an origin by its name.
func (c *core) readersOf(t *testing.T, typ event.Type, origin string) (queues []string) {
	t.Helper()
	for _, topology := range c.declared(t) {
		for _, q := range topology.Queues {
			bound := func(b amqp.Binding) bool {
				return b.Exchange == contract.Exchange(typ) && slices.Contains([]string{typ.Name + ".*", typ.Name + ".#", typ.Name + "." + origin}, b.Key)
			}
			if !q.IsStream() && slices.ContainsFunc(q.Bindings, bound) {
				queues = append(queues, q.Name)
			}
		}
	}
	return queues
}

// With the FIX gateway's credentials somebody publishes a request, and has a copy of it delivered under the key of another type. Its readers refuse
// it, whatever its body says.
func TestACopyUnderAnotherKeyIsRefused(t *testing.T) {
	c := theCore(t)
	fix := c.means(t, "fix")
	for name, header := range map[string]string{"T-COPY-CC": "CC", "T-COPY-BCC": "BCC"} {
		for _, typ := range []event.Type{contract.TradeRegistered, contract.TradeRequested} {
			e := forged(t, typ, "test1", name, map[string]any{"request": map[string]any{
				"trade_id": name, "reference": "forged", "provider": "TEST2", "client": "C000900", "trade_date": time.Now().UTC().Format(time.DateOnly),
			}})
			copied(t, fix, contract.TradeExchange, "trade.requested.test1", header, []any{contract.TradeRegistered.Name + ".test1"}, event.Append(nil, e))
		}
	}
	rightful, readers := c.readersOf(t, contract.TradeRequested, "test1"), c.readersOf(t, contract.TradeRegistered, "test1")
	readers = slices.DeleteFunc(readers, func(reader string) bool { return slices.Contains(rightful, reader) }) // they get no copy
	if len(readers) < 4 {
		t.Errorf("read by %v alone", readers)
	}
	for _, reader := range readers {
		c.failedWith(t, reader, "it is a copy")
	}
	for _, reader := range rightful {
		c.failedWith(t, reader, "came as")
	}
}

// A program puts aside what it tries again later. With its credentials at the broker, and no key, nobody puts anything there that it believes: neither
// at its own place, nor by a copy at another program's.
func TestNobodyPutsAsideWhatAProgramBelieves(t *testing.T) {
	c := theCore(t)
	id := "T-FORGED-RESTED"
	e := forged(t, contract.TradeRegistered, "test1", id, map[string]any{"request": map[string]any{"trade_id": id, "client": "C000900", "amount": "999000000"}})
	body := event.Append(nil, e)
	for program, queue := range map[string]string{"mainframe": "mainframe.bookings", "trading": "trading", "linecheck": "linecheck"} {
		conn := c.means(t, program).broker(t)
		if err := send(t, conn, amqp.RestExchange, queue+".retry", event.MediaType, program, body); err != nil {
			t.Fatalf("%s: %v", program, err)
		}
		c.failedWith(t, queue, "rested here without a proof")
	}
	copied(t, c.means(t, "mainframe"), amqp.RestExchange, "mainframe.bookings.retry", "BCC", []any{"auth.retry"}, body)
	c.failedWith(t, "auth", `the user "mainframe" does not publish "auth"`)
}
