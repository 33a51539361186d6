package oracle

import (
	"strings"

	"github.com/shopspring/decimal"
)

// purse is a book or an account in a currency on a value date.
type purse struct{ book, currency, date string }

func (p purse) String() string { return strings.TrimSpace(p.book + " " + p.currency + " " + p.date) }

// booksSumToZero: what one book has gained another has lost, for each currency and value date.
func booksSumToZero(c *Case) []Violation {
	all := sums[purse]{}
	for _, b := range c.Books {
		all.add(purse{"", b.Currency, b.ValueDate}, b.Amount)
	}
	var found []Violation
	for _, p := range all.differences(nil) {
		found = append(found, broken(p.String(), "the books add up to %s", all[p]))
	}
	return found
}

// booksAreOwed: the ledger says that a client is owed what its legs come to that are dealt and not settled.
func booksAreOwed(c *Case) []Violation {
	books, legs := c.clients(), sums[purse]{}
	for _, o := range c.Owed {
		if o.inBooks() {
			legs.add(purse{"client/" + o.Client, o.Base, o.ValueDate}, o.BaseAmount)
			legs.add(purse{"client/" + o.Client, o.Quote, o.ValueDate}, o.QuoteAmount)
		}
	}
	var found []Violation
	for _, p := range books.differences(legs) {
		found = append(found, broken(p.String(), "the book has %s, legs that are not settled come to %s", books[p], legs[p]))
	}
	return found
}

func (c *Case) clients() sums[purse] {
	all := sums[purse]{}
	for _, b := range c.Books {
		if strings.HasPrefix(b.Book, "client/") {
			all.add(purse{b.Book, b.Currency, b.ValueDate}, b.Amount)
		}
	}
	return all
}

// booksAreMoved: the ledger's books of accounts hold what the mainframe's movements have brought to these accounts. What was moved early
// enters them when its value date begins.
func booksAreMoved(c *Case) []Violation {
	books, moved := sums[purse]{}, sums[purse]{}
	for _, b := range c.Books {
		switch kind, name, _ := strings.Cut(b.Book, "/"); kind {
		case "account":
			books.add(purse{name, b.Currency, ""}, b.Amount)
		case "nostro":
			books.add(purse{"NOSTRO-" + name, b.Currency, ""}, b.Amount)
		}
	}
	early := c.early()
	for _, m := range c.Moved {
		if early[m.ID] {
			continue
		}
		for _, p := range m.Payments {
			account := p.To
			if p.gets().IsNegative() {
				account = p.From
			}
			moved.add(purse{account, p.Currency, ""}, p.gets())
		}
	}
	var found []Violation
	for _, p := range books.differences(moved) {
		found = append(found, late(p.String(), "the ledger has %s, the mainframe's movements come to %s", books[p], moved[p]))
	}
	return found
}

// reconciled: settlement and the mainframe agree about each movement: that it was made, its reference and its payments.
func reconciled(c *Case) []Violation {
	theirs := map[string]Movement{}
	for _, m := range c.Moved {
		theirs[m.ID] = m
	}
	var found []Violation
	for _, m := range c.Movements {
		t, moved := theirs[m.ID]
		delete(theirs, m.ID)
		switch {
		case moved && m.State != made:
			found = append(found, late(m.ID, "the mainframe has made it as %s, settlement holds it for %s", t.Reference, m.State))
		case !moved && m.State == made && len(m.Payments) > 0:
			found = append(found, broken(m.ID, "settlement holds it for made as %s, the mainframe has not made it", m.Reference))
		case !moved && m.State == asked && c.At.After(m.Until.Add(dueGrace)):
			found = append(found, late(m.ID, "settlement waits for an answer"))
		case moved && (m.Reference != t.Reference || m.Client != t.Client || !samePayments(m.Payments, t.Payments)):
			found = append(found, broken(m.ID, "settlement has %s %v, the mainframe %s %v", m.Reference, m.Payments, t.Reference, t.Payments))
		}
	}
	for id, t := range theirs {
		found = append(found, late(id, "the mainframe has made it as %s, settlement does not know it", t.Reference))
	}
	return found
}

func samePayments(a, b []Payment) bool {
	left := map[string]int{}
	for _, p := range a {
		left[p.String()]++
	}
	for _, p := range b {
		left[p.String()]--
	}
	for _, n := range left {
		if n != 0 {
			return false
		}
	}
	return true
}

// String is the payment as a line for a person.
func (p Payment) String() string {
	return p.Amount.String() + " " + p.Currency + " " + p.From + ">" + p.To
}

// statementsAgree: settlement's own comparisons have found no difference. Only a core that nobody harms is held to it: a difference
// that a person has to explain is right where the mainframe did wrong.
func statementsAgree(c *Case) []Violation {
	var found []Violation
	for _, r := range c.Compared {
		switch {
		case !r.Finished:
			found = append(found, late(r.Day, "the mainframe's statement is not compared to its end"))
		case r.Differences > 0:
			found = append(found, broken(r.Day, "%d differences to the mainframe's statement", r.Differences))
		}
	}
	return found
}

// Flat is the promise that desks' books are balanced: what a desk has dealt, contracts included, is another desk's, but for the
// currency in which it keeps its result. It holds after a run of the job, until somebody deals.
func Flat(result string, desks ...string) []Rule {
	return []Rule{{"books balanced", func(c *Case) []Violation { return unbalanced(c, result, desks) }}}
}

func unbalanced(c *Case, result string, desks []string) []Violation {
	all := sums[purse]{}
	for _, b := range c.Books {
		all.add(purse{b.Book, b.Currency, b.ValueDate}, b.Amount)
	}
	for _, o := range c.Owed {
		if !o.AtOnce && o.State == open { // a contract: the desk pays what the client gets
			all.add(purse{"desk/" + o.Desk, o.Base, o.ValueDate}, o.BaseAmount.Neg())
			all.add(purse{"desk/" + o.Desk, o.Quote, o.ValueDate}, o.QuoteAmount.Neg())
		}
	}
	var found []Violation
	for _, desk := range desks {
		for p, sum := range all {
			if p.book == "desk/"+desk && p.currency != result && !sum.Equal(decimal.Zero) {
				found = append(found, broken(p.String(), "the desk has %s after its books were balanced", sum))
			}
		}
	}
	return found
}
