// Package seat keeps one provider's FIX session open and trades on it until it is told to stop.
package seat

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"fxcore/lambda/log"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/ticket"
)

// The pause before the next attempt to connect. It doubles with each attempt, up to lastPause, and is short again
// after a session that lasted longer than lastPause.
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
)

// Seat is one simulated provider: its session, its desk and its tally.
type Seat struct {
	session fixwire.Config
	version ticket.Version
	rate    float64 // requests a second
	journal *fixwire.Journal
	desk    *desk.Desk
	random  *rand.Rand       // for the pauses between requests
	bank    func() time.Time // the bank's clock, which dates requests
	log     *slog.Logger
	answers chan ticket.Answer
	tally   Tally
}

// answerBound is how many answers may wait for the desk. When it is reached, the session stops reading.
const answerBound = 1_000

// New makes a seat for one provider. Its first session begins at sequence number 1; later sessions continue the
// numbers.
func New(session fixwire.Config, d *desk.Desk, perSecond float64, seed uint64, logger *slog.Logger) *Seat {
	session.Reset = true
	return &Seat{
		session: session, version: ticket.Version(session.Begin), rate: perSecond,
		journal: fixwire.NewJournal(), desk: d, random: rand.New(rand.NewPCG(seed, 3)), //nolint:gosec // reproducible
		log: logger.With("labels.provider", session.Sender), answers: make(chan ticket.Answer, answerBound),
		bank: time.Now,
	}
}

// By sets the bank's clock. Without it requests are dated by the machine's. Call it before Run.
func (s *Seat) By(bank func() time.Time) { s.bank = bank }

// Tally returns what was sent and answered so far.
func (s *Seat) Tally() Count { return s.tally.count() }

// Provider returns the provider's id (SenderCompID).
func (s *Seat) Provider() string { return s.session.Sender }

// Run connects and trades until ctx ends. It connects again after every error, and always returns nil.
func (s *Seat) Run(ctx context.Context) error {
	delay, said := firstPause, ""
	for ctx.Err() == nil {
		began := time.Now()
		// The same error is logged only once.
		if err := s.once(ctx); ctx.Err() == nil && err.Error() != said {
			said = err.Error()
			s.log.Warn("not connected, trying for ever", log.Error(err))
		}
		if time.Since(began) > lastPause {
			delay = firstPause
		}
		pause.For(ctx, delay)
		delay = min(2*delay, lastPause)
	}
	return nil
}

// once runs one session, from logon to its end, and returns why it ended.
func (s *Seat) once(ctx context.Context) error {
	session, err := fixwire.Connect(ctx, s.session, s.journal, s.receive(ctx))
	if err != nil {
		s.session.Reset = s.session.Reset || disagree(err)
		return err
	}
	s.session.Reset = false
	s.log.Info("logged on")
	trading, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.trade(trading, session)
	}()
	err = session.Run(ctx)
	stop()
	<-done
	s.session.Reset = disagree(err)
	return err
}

// disagree reports whether the peer rejected our sequence number as too low: the peer has lost its state, and only a
// reset to 1 helps. FIX has no code for this. All engines say it in the text of the Logout.
func disagree(err error) bool {
	return err != nil && strings.Contains(err.Error(), "MsgSeqNum too low")
}

// receive returns the session's handler. It passes each answer to trade.
func (s *Seat) receive(ctx context.Context) func(*fixwire.Message) {
	return func(m *fixwire.Message) {
		answer, ok := ticket.Read(m)
		if !ok {
			return
		}
		select {
		case s.answers <- answer:
		case <-ctx.Done():
		}
	}
}
