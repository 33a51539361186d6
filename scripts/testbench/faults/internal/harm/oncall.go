package harm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrUnanswered says that a command was given and its result was not known in time.
var ErrUnanswered = errors.New("no answer")

// commandBound is how long on-call waits for the result of a command. The core may follow it later or never, because
// the broker may be away.
const commandBound = 1500 * time.Millisecond

func move(ctx context.Context, h *Harm, d *Done) (func(), error) {
	provider, gateway, _ := strings.Cut(d.Target, ">")
	return nil, command(ctx, func(ctx context.Context) error { return h.core.Move(ctx, provider, gateway) })
}

// drain has no undo. Only a healthy core can undrain an instance, so the trial does it after the run.
func drain(ctx context.Context, h *Harm, d *Done) (func(), error) {
	return nil, command(ctx, func(ctx context.Context) error { return h.core.Drain(ctx, d.Target) })
}

func command(ctx context.Context, give func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, commandBound)
	defer cancel()
	err := give(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("%w within %s", ErrUnanswered, commandBound)
	}
	return err
}
