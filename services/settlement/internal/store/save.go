package store

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
)

// QueueObligations queues the insert of new legs. It fails the batch (23505) if one is there already.
func QueueObligations(b *pgx.Batch, legs []*obligation.Obligation) {
	if len(legs) == 0 {
		return
	}
	var ids, origins, clients, accounts, desks, products, bases, baseAmounts, quotes, quoteAmounts []string
	var versions []int
	var numbers []int16
	var dates, from, until []time.Time
	var atOnce, windowless []bool
	for _, o := range legs {
		ids, versions, numbers = append(ids, o.TradeID), append(versions, o.Version), append(numbers, int16(o.Leg))
		origins, clients, accounts = append(origins, clean(o.Origin)), append(clients, clean(o.Client)), append(accounts, clean(o.Account))
		desks, products, dates = append(desks, clean(o.Desk)), append(products, clean(o.Product)), append(dates, o.ValueDate.Time())
		bases, baseAmounts = append(bases, o.Base.Currency), append(baseAmounts, o.Base.Amount.String())
		quotes, quoteAmounts = append(quotes, o.Quote.Currency), append(quoteAmounts, o.Quote.Amount.String())
		from, until, atOnce = append(from, o.Window.From), append(until, o.Window.NotAfter), append(atOnce, o.DealtAtOnce)
		windowless = append(windowless, o.Windowless)
	}
	b.Queue(insertObligationsSQL, ids, versions, numbers, origins, clients, accounts, desks, products, dates, bases, baseAmounts,
		quotes, quoteAmounts, from, until, atOnce, windowless)
}

// QueueWindows queues the update of legs whose window is known now.
func QueueWindows(b *pgx.Batch, legs []*obligation.Obligation) {
	if len(legs) == 0 {
		return
	}
	var ids []string
	var versions []int
	var numbers []int16
	var from, until []time.Time
	for _, o := range legs {
		ids, versions, numbers = append(ids, o.TradeID), append(versions, o.Version), append(numbers, int16(o.Leg))
		from, until = append(from, o.Window.From), append(until, o.Window.NotAfter)
	}
	b.Queue(saveWindowsSQL, ids, versions, numbers, from, until)
}

// QueueSaveObligations queues the update of the legs' states, and of whether the books have moved.
func QueueSaveObligations(b *pgx.Batch, legs []*obligation.Obligation) {
	if len(legs) == 0 {
		return
	}
	var ids, states, held []string
	var dealt []bool
	var movements []*string
	var versions []int
	var numbers []int16
	for _, o := range legs {
		ids, versions, numbers = append(ids, o.TradeID), append(versions, o.Version), append(numbers, int16(o.Leg))
		states, movements, held = append(states, string(o.State)), append(movements, orNull(o.Movement)), append(held, clean(o.Held))
		dealt = append(dealt, o.DealtAtOnce)
	}
	b.Queue(saveObligationsSQL, ids, versions, numbers, states, movements, held, dealt)
}

// QueueInsertMovements queues the insert of new movements.
func QueueInsertMovements(b *pgx.Batch, all []*movement.Movement) {
	if len(all) == 0 {
		return
	}
	var ids, clients, payments, lines, states, references, codes, texts []string
	var dates, until, changed []time.Time
	var moved []*time.Time
	var netted, early []bool
	for _, m := range all {
		ids, clients, dates = append(ids, m.ID), append(clients, clean(m.Client)), append(dates, m.ValueDate.Time())
		netted, payments, states = append(netted, m.Netted), append(payments, paymentsOf(m)), append(states, string(m.State))
		until, references, changed = append(until, m.NotAfter), append(references, m.Answer.Reference), append(changed, m.At)
		codes, texts, lines = append(codes, m.Answer.Code), append(texts, m.Answer.Text), append(lines, text(linesOf(m.Lines)))
		early, moved = append(early, m.Early), append(moved, timeOrNull(m.MovedAt))
	}
	b.Queue(insertMovementsSQL, ids, clients, dates, netted, payments, lines, states, until, references, codes, texts, changed, early, moved)
}

// QueueSaveMovements queues the update of movements.
func QueueSaveMovements(b *pgx.Batch, all []*movement.Movement) {
	if len(all) == 0 {
		return
	}
	var ids, lines, states, references, codes, texts, by, why []string
	var attempts []int
	var until, changed []time.Time
	var moved []*time.Time
	var early []bool
	for _, m := range all {
		early, moved = append(early, m.Early), append(moved, timeOrNull(m.MovedAt))
		ids, states, attempts = append(ids, m.ID), append(states, string(m.State)), append(attempts, m.Attempt)
		until, references = append(until, m.NotAfter), append(references, clean(m.Answer.Reference))
		codes, texts, lines = append(codes, clean(m.Answer.Code)), append(texts, clean(m.Answer.Text)), append(lines, text(linesOf(m.Lines)))
		by, why, changed = append(by, clean(m.By)), append(why, clean(m.Why)), append(changed, m.At)
	}
	b.Queue(saveMovementsSQL, ids, lines, states, attempts, until, references, codes, texts, by, why, changed, early, moved)
}

// QueueTransfers queues the insert of entries of the ledger, booked at the given time of the bank's clock.
func QueueTransfers(b *pgx.Batch, transfers []ledger.Transfer, at time.Time) {
	if len(transfers) == 0 {
		return
	}
	var postings, reasons, currencies, amounts, from, to []string
	var numbers, reversedNumbers []int16
	var reversed []*string
	var dates []time.Time
	for _, t := range transfers {
		postings, numbers, reasons = append(postings, t.Posting), append(numbers, int16(t.Number)), append(reasons, string(t.Reason))
		currencies, amounts, dates = append(currencies, t.Currency), append(amounts, t.Amount.String()), append(dates, t.ValueDate.Time())
		from, to = append(from, clean(string(t.From))), append(to, clean(string(t.To)))
		reversed, reversedNumbers = append(reversed, orNull(t.Reverses.Posting)), append(reversedNumbers, int16(t.Reverses.Number))
	}
	b.Queue(insertTransfersSQL, postings, numbers, reasons, currencies, amounts, dates, from, to, reversed, reversedNumbers, at)
}

func orNull(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

func timeOrNull(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}
