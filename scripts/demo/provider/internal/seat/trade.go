package seat

import (
	"context"
	"time"

	"fxcore/lambda/log"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/ticket"
)

// openBound is how many requests without a final answer are remembered; the oldest are forgotten first.
const openBound = 10_000

// trade sends requests at the seat's rate and reads the answers until ctx ends. It alone uses the desk.
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

// pause is until the next request: requests come independently of each other, so the pauses are exponential.
func (s *Seat) pause() time.Duration {
	return time.Duration(s.random.ExpFloat64() / s.rate * float64(time.Second))
}

// send asks for the desk's next deal. An error of the connection is none of the request: it lies in the journal and goes
// out with the resend of the next session.
func (s *Seat) send(session *fixwire.Session) {
	r, err := s.desk.Next(time.Now())
	if err != nil {
		s.log.Error("no request made", log.Error(err))
		return
	}
	s.tally.sent(r)
	_, _ = session.Send(s.version.Write(r))
}

func (s *Seat) answered(a ticket.Answer) {
	r, known := s.tally.answered(a)
	switch {
	case a.Outcome == ticket.Refused:
		s.log.Error("a message of ours was not understood", "event.reason", a.Text)
	case a.Outcome == ticket.Granted && known && r.Kind == desk.Reserve:
		s.desk.Approved(r)
	case a.Outcome == ticket.Granted && known && r.Flawed:
		s.log.Warn("granted, although it should have been rejected", "labels.reference", a.Reference)
	}
}
