package door

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Strangers logs why connections came to nothing, but never so often that strangers can fill the log.
type Strangers struct {
	log  *slog.Logger
	mu   sync.Mutex
	pace *Throttle
}

// NewStrangers returns a log of strangers: five lines a second.
func NewStrangers(log *slog.Logger) *Strangers {
	return &Strangers{log: log, pace: NewThrottle(Rate{PerSecond: 5, Burst: 20})}
}

// Note logs why the connection from an address ended, if there is room. The reason must hold no secret.
func (s *Strangers) Note(from netip.Addr, why string) {
	s.mu.Lock()
	loud := s.pace.Allow(time.Now())
	s.mu.Unlock()
	if loud {
		s.log.Info("connection refused", "client.ip", from.String(), "event.reason", why)
	}
}

// Printable bounds what a stranger can put into the log.
func Printable(text string) string {
	const most = 64
	return strings.ToValidUTF8(text[:min(len(text), most)], "?")
}
