package seat

import (
	"context"
	"time"

	"fxcore/lambda/log"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/ticket"
)

// openBound is how many requests without a final answer are remembered. The oldest is forgotten first.
const openBound = 10_000

// trade sends requests at the seat's rate and handles answers until ctx ends. Only trade uses the desk.
func (s *Seat) trade(ctx context.Context, session *fixwire.Session) {
	timer := time.NewTimer(s.pause())
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case answer := <-s.answers:
			s.answered(answer)
		case <-timer.C:
			timer.Reset(s.pause())
			s.send(session)
		}
	}
}

// pause returns the time to the next request. Requests are independent of each other, so the pauses are exponential.
func (s *Seat) pause() time.Duration {
	return time.Duration(s.random.ExpFloat64() / s.rate * float64(time.Second))
}

// send sends the desk's next request. It ignores an error of the connection: the request is in the journal, and the
// next session sends it again when the gateway asks for it.
func (s *Seat) send(session *fixwire.Session) {
	r, err := s.desk.Next(s.bank())
	if err != nil {
		s.log.Error("cannot make a request", log.Error(err))
		return
	}
	s.tally.sent(r)
	_, _ = session.Send(s.version.Write(r))
}

func (s *Seat) answered(a ticket.Answer) {
	r, known := s.tally.answered(a)
	switch {
	case a.Outcome == ticket.Refused:
		s.log.Error("the core did not understand a message", "event.reason", a.Text)
	case a.Outcome == ticket.Granted && known && r.Kind == desk.Reserve:
		s.desk.Approved(r)
	case a.Outcome == ticket.Granted && known && r.Flawed:
		s.log.Warn("granted, although it should have been rejected", "labels.reference", a.Reference)
	}
}
