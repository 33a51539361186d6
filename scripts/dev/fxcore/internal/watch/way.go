package watch

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/contract/reason"
)

// hop is a service that receives a trade, and the type of the event with which it does.
type hop struct {
	service string
	takes   event.Type
}

// stages returns the types of the events of a trade, in order. The id of each event derives from the one before, so
// the first id gives all others.
func stages() []event.Type {
	return []event.Type{
		contract.TradeRequested, contract.TradeAuthorized, contract.TradeValidated, contract.TradeReserved, contract.TradeRegistered,
	}
}

// hops returns the services that receive a trade's events, in order, by their main queues. A main queue has the name
// of its service.
func hops(all []amqp.Topology) (way []hop) {
	for _, takes := range stages() {
		for _, t := range all {
			if slices.ContainsFunc(t.Queues, func(q amqp.Queue) bool { return q.Name == t.Service && binds(q, takes) }) {
				way = append(way, hop{t.Service, takes})
			}
		}
	}
	return way
}

func binds(q amqp.Queue, t event.Type) bool {
	return slices.Contains(q.Bindings, contract.Bindings(t)[0])
}

// way is when each service received one trade.
type way struct {
	trade string
	ids   []string // ids of the events, by hop
	at    []time.Time
}

// duplicate is the status of a second request with a used reference. The way belongs to the first request, so the
// second shows none.
const duplicate = "rejected: " + string(reason.Duplicate)

// ways reads from the services' inboxes when each service received the trades.
func (b *book) ways(ctx context.Context, trades []Trade) error {
	ids := make([]string, len(trades))
	for i, t := range trades {
		ids[i] = t.ID
	}
	ways, err := b.firstEvents(ctx, ids)
	if err != nil {
		return err
	}
	if err := b.inboxTimes(ctx, ways); err != nil {
		return err
	}
	for i := range trades {
		if w, known := ways[trades[i].ID]; known && trades[i].Status != duplicate {
			trades[i].Way = w.steps(b.hops)
		}
	}
	return nil
}

func (w *way) steps(hops []hop) (steps []Step) {
	for h, hop := range hops {
		if !w.at[h].IsZero() {
			steps = append(steps, Step{Name: hop.service, at: w.at[h]})
		}
	}
	return steps
}

func (b *book) firstEvents(ctx context.Context, trades []string) (map[string]*way, error) {
	rows, err := b.conn.Query(ctx, "select id::text, first_event::text from auth.request where id = any ($1::uuid[])", trades)
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	ways := map[string]*way{}
	var trade, id string
	_, err = pgx.ForEachRow(rows, []any{&trade, &id}, func() error {
		w, events := &way{trade: trade, at: make([]time.Time, len(b.hops))}, eventIDs(id)
		for _, hop := range b.hops {
			w.ids = append(w.ids, events[hop.takes])
		}
		ways[trade] = w
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read requests: %w", err)
	}
	return ways, nil
}

// eventIDs returns the ids of a trade's events, by type.
func eventIDs(first string) map[event.Type]string {
	ids, id := map[event.Type]string{}, first
	for i, typ := range stages() {
		if i > 0 {
			id = event.ChildID(id, typ.Name)
		}
		ids[typ] = id
	}
	return ids
}

// inboxTimes reads each hop's inbox, all in one round trip.
func (b *book) inboxTimes(ctx context.Context, ways map[string]*way) error {
	var batch pgx.Batch
	for h, hop := range b.hops {
		byID := map[string]*way{}
		var ids []string
		for _, w := range ways {
			byID[w.ids[h]] = w
			ids = append(ids, w.ids[h])
		}
		inbox := pgx.Identifier{hop.service, "inbox"}.Sanitize()
		batch.Queue("select id::text, at from "+inbox+" where id = any ($1::uuid[])", ids).Query(func(rows pgx.Rows) error {
			var id string
			var at time.Time
			_, err := pgx.ForEachRow(rows, []any{&id, &at}, func() error {
				byID[id].at[h] = at
				return nil
			})
			return err
		})
	}
	if err := b.conn.SendBatch(ctx, &batch).Close(); err != nil {
		return fmt.Errorf("read inboxes: %w", err)
	}
	return nil
}

// finishWay adds the booking and counts the steps from the request. If the first step is earlier
// than the request's time, it counts from the first step.
func (t *Trade) finishWay(requested, booked time.Time) {
	t.toBankTime()
	if booked.Unix() > 0 {
		t.Way = append(t.Way, Step{Name: "mainframe", at: booked})
	}
	slices.SortStableFunc(t.Way, func(a, b Step) int { return a.at.Compare(b.at) })
	if len(t.Way) > 0 && t.Way[0].at.Before(requested) {
		requested = t.Way[0].at
	}
	for i := range t.Way {
		t.Way[i].After = t.Way[i].at.Sub(requested)
	}
}

// leastAhead is the least difference that is taken for a clock that is ahead, and not for a slow step.
const leastAhead = time.Minute

// toBankTime moves the steps, which databases date by real time, to the bank's clock, which dates the trade. The bank's clock is
// a whole number of seconds ahead. Trading's last step, which registers the trade, tells how many.
func (t *Trade) toBankTime() {
	var registered time.Time
	for _, s := range t.Way {
		if s.Name == "trading" {
			registered = s.at // hops are in the order of a trade's way
		}
	}
	ahead := t.At.Sub(registered).Round(time.Second)
	if registered.IsZero() || ahead < leastAhead {
		return
	}
	for i := range t.Way {
		t.Way[i].at = t.Way[i].at.Add(ahead)
	}
}
