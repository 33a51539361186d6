package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// over selects the nodes whose usage exceeds their line, and the clients above their settlement limit on a day, but for reports that
// are flagged for it or were not measured (a redelivered report of an earlier epoch, whose lines are gone): a line refuses what comes after them. A group bears up to 30 less of each of its two clients, as much as their
// collateral covers. Each part of a reservation may add a cent. A netted swap counts one leg until a deal that closes the other one is
// open: such a deal is let through, and both legs count until it is done.
const over = `
select u.node || ' carries ' || reserved + consumed
from node_usage u, lateral (select case split_part(u.node, '/', 1) when 'client' then 100 else 160 end + 0.5 as most) line
where reserved + consumed > most and reserved + consumed - (
    select coalesce(sum(exposure), 0) from reservation r
    where u.node in (group_node, desk_node, client_node) and state in ('RESERVED', 'CONSUMED') and basis ->> 'flags' ~ 'over_line|not_measured') - (
    select coalesce(sum(near_exposure), 0) from netted_deal join reservation r using (id)
    where near_exposure is not null and u.node in (group_node, desk_node, client_node) and state in ('RESERVED', 'CONSUMED')) > most
union all
select u.node || ' is to receive ' || used || ' on ' || value_date
from settlement_usage u
where u.node like 'client/%' and used > 905 and used - (
    select coalesce(sum(near_receivable), 0) from reservation r
    where client_node = u.node and state in ('RESERVED', 'CONSUMED') and basis ->> 'flags' ~ 'over_line|not_measured') > 905`

// flagged are indexes of those reports and swaps, so that over stays as fast as it was.
const flagged = `create index flagged on reservation (client_node) where basis ->> 'flags' ~ 'over_line|not_measured';
	create index swapped on netted_deal (id) where near_exposure is not null`

// mustHold fails the test if a stored line is exceeded or the replicas have deadlocked.
func (r *race) mustHold() {
	r.t.Helper()
	if found := r.findOver(); found != "" {
		r.t.Fatal(found)
	}
	if strings.Contains(r.log.String(), "deadlock") {
		r.t.Fatalf("replicas waited for each other in a circle:\n%s", r.log)
	}
	r.log.Reset()
}

func (r *race) findOver() string {
	var found string
	rows, err := r.pool.Query(context.Background(), over)
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&found); err != nil {
			return err.Error()
		}
	}
	return found
}

// watch checks the lines continuously, also while replicas work. The function that it returns stops it and returns the
// first violation.
func (r *race) watch() func() string {
	stop, seen := make(chan struct{}), make(chan string, 1)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				seen <- ""
				return
			case <-tick.C:
			}
			if found := r.findOver(); found != "" {
				seen <- found
				return
			}
		}
	}()
	return func() string { close(stop); return <-seen }
}

func (r *race) mustBalance() {
	r.t.Helper()
	found, err := store.Recompute(context.Background(), r.pool)
	if err != nil || len(found) > 0 {
		text, _ := json.Marshal(found)
		r.t.Fatalf("stored usage is not what reservations add up to: %v\n%s", err, text)
	}
	r.mustKeepParts()
}

// parts selects each line check with its amount, what of it is open or consumed or with trades, and what of that the provider has
// consumed.
const parts = `
select r.id::text, r.amount, open_of(r) + taken_of(r) + coalesce(t.part, 0), taken_of(r) + coalesce(t.taken, 0)
from reservation r
left join (select from_check, sum(from_amount) part, sum(coalesce(from_taken, 0)) taken
           from reservation where from_check is not null and state in ('RESERVED', 'CONSUMED') group by 1) t on t.from_check = r.id
where r.kind = 'check'`

// mustKeepParts fails the test if a check's parts are more than its amount, or if a consumption has vanished or comes from nothing. What
// a trade did not need of a consumption that stated no amount is no longer consumed.
func (r *race) mustKeepParts() {
	r.t.Helper()
	var id string
	var amount, all, consumed decimal.Decimal
	rows, _ := r.pool.Query(context.Background(), parts)
	_, err := pgx.ForEachRow(rows, []any{&id, &amount, &all, &consumed}, func() error {
		given := r.consumed[id].Sub(consumed)
		if given.IsPositive() {
			r.outcomes["gave back what the trade did not need"]++
		}
		if all.GreaterThan(amount) || given.IsNegative() || given.GreaterThan(r.unstated[id]) {
			return fmt.Errorf("check %s of %s has parts of %s, %s of them consumed: the provider consumed %s", id, amount, all, consumed, r.consumed[id])
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

// account notes what a provider was told about a consumption.
func (r *race) account(e event.Event) {
	answer := read[struct {
		Request messages.CheckRequest
		Result  messages.Result
	}](r.t, e)
	told, asked := answer.Result, answer.Request
	switch told.Decision { //nolint:exhaustive // the others consume nothing
	case messages.Consumed:
		r.consumed[told.ReservationID] = r.consumed[told.ReservationID].Add(*told.Amount)
		if asked.ForTrade != "" && asked.Amount == "" {
			r.unstated[told.ReservationID] = r.unstated[told.ReservationID].Add(*told.Amount)
		}
	case messages.Reversed:
		r.consumed[told.ReservationID] = r.consumed[told.ReservationID].Sub(*told.Amount)
	}
}

// lapse has the reservation of a trade expire, now and then. The trade is not ended in another way then.
func (r *race) lapse() {
	if r.rnd.IntN(4) > 0 {
		return
	}
	for id := range r.reserved {
		if r.standing[id] {
			continue
		}
		delete(r.reserved, id)
		const sql = `update reservation set expires_at = now() where id = $1
			returning case when from_taken > 0 then 'gave back what was consumed' when from_check is not null then 'gave back' else 'lapsed' end`
		var what string
		if err := r.pool.QueryRow(context.Background(), sql, id).Scan(&what); err != nil {
			r.t.Fatal(err)
		}
		r.outcomes[what]++
		return
	}
}
