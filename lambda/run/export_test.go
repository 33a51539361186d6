package run

import (
	"context"
	"io"

	"fxcore/lambda/config"
)

// NewForTest is New with its log going to out.
func NewForTest(name string, base config.Base, out io.Writer) *App { return newApp(name, base, out) }

// Live is Run without signals.
func (a *App) Live(ctx context.Context) int { return a.live(ctx) }

// LiveUnwatched is Live without the health server, whose sockets do not mix with a fake clock.
func (a *App) LiveUnwatched(ctx context.Context) int { return a.work(ctx) }
