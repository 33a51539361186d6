package steps

import (
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/messages"
)

// reported is the step of the report of a day. It emits nothing.
type reported struct{ report blotter.DayReport }

func readReported(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	r, err := messages.ReadReported(e)
	return reported{r}, err
}

// Want wants nothing: the report that was made last stands.
func (r reported) Want(*Batch) {}

// Decide notes the report.
func (r reported) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.reports = append(s.reports, r.report)
	return nil, nil
}

// declined is the step of a command that settlement has declined. It emits nothing.
type declined struct{ command blotter.Declined }

func readDeclined(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	d, err := messages.ReadDeclined(e)
	return declined{d}, err
}

// Want wants nothing: a command is declined once.
func (d declined) Want(*Batch) {}

// Decide notes the command.
func (d declined) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.declined = append(s.declined, d.command)
	return nil, nil
}

// asked is the step of a command about a movement that has failed. It emits nothing.
type asked struct{ command blotter.Asked }

func readCommanded(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	a, err := messages.ReadCommanded(e)
	return asked{a}, err
}

// Want wants nothing: the rows of the legs know what is later.
func (a asked) Want(*Batch) {}

// Decide notes the command.
func (a asked) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.asked = append(s.asked, a.command)
	return nil, nil
}

// compared is the step of a comparison of lines. It emits nothing.
type compared struct{ result blotter.LineComparison }

func readCompared(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	c, err := messages.ReadCompared(e)
	return compared{c}, err
}

// Want wants nothing: the comparison that was made last stands.
func (c compared) Want(*Batch) {}

// Decide notes the comparison.
func (c compared) Decide(s *Batch, _ time.Time, _ event.Event) ([]event.Event, error) {
	s.compared = append(s.compared, c.result)
	return nil, nil
}
