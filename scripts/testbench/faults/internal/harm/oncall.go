package harm

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrUnanswered says that a command was given, and that nobody waited longer for what became of it.
var ErrUnanswered = errors.New("no answer")

// commandBound is how long on-call looks at a command. It may be followed later, or never: the broker may be away.
const commandBound = 1500 * time.Millisecond

func move(ctx context.Context, h *Harm, d *Done) (func(), error) {
	provider, gateway, _ := strings.Cut(d.Target, ">")
	return nil, command(ctx, func(ctx context.Context) error { return h.core.Move(ctx, provider, gateway) })
}

// drain has no undo: an instance that drains is let in again after the run, since that takes a core that is well.
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
