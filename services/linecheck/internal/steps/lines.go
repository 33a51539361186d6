package steps

import (
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/services/contract/access"
	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
	"fxcore/services/linecheck/internal/directory"
	"fxcore/services/linecheck/internal/line"
	"fxcore/services/linecheck/internal/messages"
	"fxcore/services/linecheck/internal/store"
)

// lines is the question what lines carry.
type lines struct {
	asked    messages.LinesQuestion
	static   *directory.Snapshot
	fault    error              // why there is no static data
	branches []directory.Branch // those that were asked for and that the caller may see; one more than are told, if there are more
	lines    []line.Line        // of the branches
	has      []bool             // whether the branch has a line
	found    *store.Lines
}

// readLines chooses the lines of a question.
func (q Questions) readLines(e event.Event) (question, error) {
	m, err := messages.ReadLines(e)
	if err != nil {
		return nil, err
	}
	x := &lines{asked: m.Question}
	if x.static, x.fault = q.Static.Snapshot(); x.fault != nil {
		return x, nil //nolint:nilerr // the answer says that there is no static data
	}
	for _, b := range x.static.Tree() {
		if m.Question.After < b.Node.String() && x.asksFor(b) && sees(m.Caller, b) {
			x.branches = append(x.branches, b)
		}
	}
	if most := x.asked.Limit + 1; !x.asked.MinUsed.Valid && len(x.branches) > most {
		x.branches = x.branches[:most] // else all are read: what a line uses decides whether it is told
	}
	x.fault = x.value()
	return x, nil
}

// value finds the line of each branch.
func (x *lines) value() error {
	for _, b := range x.branches {
		l, has, err := x.static.Line(b.Node)
		if err != nil {
			return err
		}
		x.lines, x.has = append(x.lines, l), append(x.has, has)
	}
	return nil
}

// asksFor reports whether the question is about a branch.
func (x *lines) asksFor(b directory.Branch) bool {
	q, n := x.asked, b.Node
	if q.Client != "" {
		c := x.static.Clients[q.Client]
		if onPath := (n == line.Node{Level: line.Client, ID: q.Client}) || (n == line.Node{Level: line.Group, ID: c.Group}) ||
			(n == line.Node{Level: line.Desk, ID: c.Desk}); !onPath {
			return false
		}
	}
	return (q.Node == "" || q.Node == n.String()) && (q.Desk == "" || b.Desks[q.Desk])
}

// sees reports whether a caller may see a line: by the reach of the right to see lines. A person of a desk sees the desk, its
// clients, their groups and the own line. A system of one client sees that client's line alone.
func sees(c access.Caller, b directory.Branch) bool {
	h := c.Holder()
	switch h.Reach(rights.ViewLines) {
	case rights.All:
		return true
	case rights.OwnDesk:
		return b.Desks[h.Desk] || b.Node == line.Node{Level: line.Dealer, ID: c.User}
	case rights.OwnClient:
		return b.Node.Level == line.Client && h.Reaches(rights.ViewLines, b.Node.ID, "")
	default:
		return false
	}
}

// queue queues the queries for what the lines carry.
func (x *lines) queue(b *pgx.Batch) {
	if x.fault != nil || len(x.lines) == 0 {
		return
	}
	var due *line.Node
	if x.asked.Ladder && len(x.lines) == 1 {
		due = &x.lines[0].Node
	}
	x.found = store.QueueLines(b, x.lines, due)
}

// answer tells what the lines carry.
func (x *lines) answer(now time.Time) (any, error) {
	a := messages.LinesAnswer{AsOf: now.UTC(), Currency: line.Currency, Lines: []messages.Line{}}
	if x.fault != nil {
		a.Refused = &messages.Refusal{Code: reason.NoStaticData, Text: "the lines are not known now: " + x.fault.Error()}
		return a, nil //nolint:nilerr // the answer says why
	}
	linesAsOf, ratesAsOf := x.static.AsOf.Lines.Time.UTC(), x.static.Market.RatesAsOf().UTC()
	a.LinesAsOf, a.RatesAsOf = &linesAsOf, &ratesAsOf
	for i := range x.lines {
		told, err := x.tell(i)
		if err != nil {
			return a, err
		}
		if !x.near(told) {
			continue
		}
		if len(a.Lines) == x.asked.Limit {
			a.Next = a.Lines[len(a.Lines)-1].Node
			break
		}
		a.Lines = append(a.Lines, told)
	}
	return a, nil
}

// near reports whether enough of a line is used for the question. Of a line without any room, everything is used.
func (x *lines) near(l messages.Line) bool {
	if !x.asked.MinUsed.Valid {
		return true
	}
	total := decimal.Zero
	if l.Headroom != nil {
		total = l.Used.Add(*l.Headroom)
	}
	return l.Used.GreaterThanOrEqual(total.Mul(x.asked.MinUsed.Decimal)) && (l.Used.IsPositive() || !total.IsPositive())
}
