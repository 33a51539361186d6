package oracle

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// Violation is one promise that was not kept.
type Violation struct {
	Rule string
	ID   string // of whom: a reference, a trade, a node, a queue
	Text string
	// Passing says that the core may only need more time. What is not passing will not get better.
	Passing bool

	Originals []Original // providers' own messages about it, where somebody has added them: see Explain
}

// String is the violation as a line for a person.
func (v Violation) String() string { return fmt.Sprintf("%s: %s: %s", v.Rule, v.ID, v.Text) }

// Rule is one promise: it finds where it was not kept.
type Rule struct {
	Name string
	Find func(c *Case) []Violation
}

// Rules are the promises that hold whatever happens to the core, once it has come to rest.
func Rules() []Rule {
	return []Rule{
		{"answered once", answeredOnce},
		{"answers in sequence", inSequence},
		{"pending first", pendingFirst},
		{"answers kept", answersKept},
		{"filled is registered", filledIsRegistered},
		{"rejected is not registered", rejectedIsNotRegistered},
		{"registered was asked for", registeredWasAskedFor},
		{"registered as asked", registeredAsAsked},
		{"authorised", authorised},
		{"assigned", assigned},
		{"reservation consumed", reservationConsumed},
		{"reservation accounted for", reservationAccountedFor},
		{"line check used", lineCheckUsed},
		{"line check known", knownChecks},
		{"report booked", reportsBooked},
		{"exposure of the trade", exposureOfTheTrade},
		{"usage of reservations", usageOfReservations},
		{"usage of trades", usageOfTrades},
		{"settlements of reservations", settlementsOfReservations},
		{"freed is settled", freedIsSettled},
		{"booked once", bookedOnce},
		{"deleted by two", deletedByTwo},
		{"deleted is gone", deletedIsGone},
		{"legs owed", legsOwed},
		{"executed once", executedOnce},
		{"executed on its date", executedOnItsDate},
		{"nothing forgotten", nothingForgotten},
		{"executed is settled", executedIsSettled},
		{"books sum to zero", booksSumToZero},
		{"books are owed", booksAreOwed},
		{"books are moved", booksAreMoved},
		{"reconciled", reconciled},
		{"queues empty", queuesEmpty},
		{"journal complete", journalComplete},
		{"one holder", oneHolder},
	}
}

// Undisturbed are promises that hold besides for every request since an instant after which no process was killed. The core
// must have been at rest at that instant.
func Undisturbed(since time.Time) []Rule {
	return []Rule{
		{"pending answered", func(c *Case) []Violation { return pendingAnswered(c, since) }},
		{"booked in order", func(c *Case) []Violation { return bookedInOrder(c, since) }},
		{"statements agree", statementsAgree},
	}
}

// Judge holds the evidence against the rules. Violations come in the order of the rules, then of their ids.
func Judge(e Evidence, rules ...Rule) []Violation {
	c := newCase(e)
	var all []Violation
	for _, rule := range rules {
		found := rule.Find(c)
		for i := range found {
			found[i].Rule = rule.Name
		}
		slices.SortStableFunc(found, func(a, b Violation) int { return cmp.Compare(a.ID, b.ID) })
		all = append(all, found...)
	}
	return all
}

// broken is a violation that no time heals.
func broken(id, format string, values ...any) Violation {
	return Violation{ID: id, Text: fmt.Sprintf(format, values...)}
}

// late is a violation that may only need more time.
func late(id, format string, values ...any) Violation {
	return Violation{ID: id, Text: fmt.Sprintf(format, values...), Passing: true}
}
