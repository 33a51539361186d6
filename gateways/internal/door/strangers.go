package door

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"

	"fxcore/lambda/audit"
	"fxcore/lambda/log"
)

// Strangers logs why connections were not admitted, and notes it for the audit. It limits the rate, so that strangers cannot fill the log, and counts what it leaves out.
type Strangers struct {
	log     *slog.Logger
	audit   *audit.Trail
	gateway string
	mu      sync.Mutex
	pace    *Throttle
	leftOut int // lines since the last one that was written
	all     int // lines that were left out, since the start
}

// NewStrangers returns a log of strangers with at most five lines a second.
func NewStrangers(log *slog.Logger) *Strangers {
	return &Strangers{log: log, pace: NewThrottle(Rate{PerSecond: 5, Burst: 20})}
}

const maxReason = 512 // bytes of a reason

// Note logs why a connection ended, unless the rate is exceeded. The reason must not contain a secret.
func (s *Strangers) Note(from netip.Addr, why string) {
	s.mu.Lock()
	loud, leftOut := s.pace.Allow(time.Now()), s.leftOut
	if s.leftOut = 0; !loud {
		s.leftOut, s.all = leftOut+1, s.all+1
	}
	s.mu.Unlock()
	if !strings.HasPrefix(why, ErrRefused.Error()) { // Prove has noted a wrong login, with the name
		s.audit.Stranger(audit.Note{What: "connection.refused", Outcome: audit.Refused, From: from.String(), About: s.gateway, Why: why})
	}
	if loud {
		s.log.Info("connection refused", "client.ip", from.String(), "event.reason", log.Printable(why, maxReason), "left_out", leftOut)
	}
}

// LeftOut returns how many lines were left out since the start.
func (s *Strangers) LeftOut() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.all
}

// Printable makes a name that a stranger gives safe for the log: printable, and not long.
func Printable(text string) string { return log.Printable(text, 64) }
