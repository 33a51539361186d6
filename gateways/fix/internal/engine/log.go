package engine

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/wire"
)

// logs writes quickfix's events into our log, at debug level and without passwords. It does not log messages: the store has
// those that matter.
type logs struct{ log *slog.Logger }

func (l logs) Create() (quickfix.Log, error)                             { return l, nil }
func (l logs) CreateSessionLog(quickfix.SessionID) (quickfix.Log, error) { return l, nil }

func (l logs) OnIncoming([]byte) {}
func (l logs) OnOutgoing([]byte) {}

func (l logs) OnEvent(text string) {
	l.log.Debug("quickfix", "event.reason", wire.Masked(text))
}

func (l logs) OnEventf(format string, args ...any) {
	if l.log.Enabled(context.Background(), slog.LevelDebug) {
		l.OnEvent(fmt.Sprintf(format, args...))
	}
}
