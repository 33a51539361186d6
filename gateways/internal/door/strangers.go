package door

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Strangers logs why connections were not admitted. It limits the rate, so that strangers cannot fill the log.
type Strangers struct {
	log  *slog.Logger
	mu   sync.Mutex
	pace *Throttle
}

// NewStrangers returns a log of strangers with at most five lines a second.
func NewStrangers(log *slog.Logger) *Strangers {
	return &Strangers{log: log, pace: NewThrottle(Rate{PerSecond: 5, Burst: 20})}
}

// Note logs why a connection ended, unless the rate is exceeded. The reason must not contain a secret.
func (s *Strangers) Note(from netip.Addr, why string) {
	s.mu.Lock()
	loud := s.pace.Allow(time.Now())
	s.mu.Unlock()
	if loud {
		s.log.Info("connection refused", "client.ip", from.String(), "event.reason", why)
	}
}

// Printable makes a text of a stranger safe for the log: it replaces unprintable characters and bounds the length.
func Printable(text string) string {
	const most = 64
	return strings.ToValidUTF8(text[:min(len(text), most)], "?")
}
