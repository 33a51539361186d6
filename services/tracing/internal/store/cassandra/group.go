package cassandra

import (
	"context"
	"errors"
	"sync"
)

// How many statements of one call are under way: more of those for which somebody waits. The server works on each in a thread of its own,
// and the more of its threads want to run, the less it yields to programs that trade.
const (
	inFlight = 32
	writing  = 3
)

// group runs statements side by side. After the first error the others end soon.
type group struct {
	ctx   context.Context //nolint:containedctx // of the one call that the group lives in
	end   context.CancelCauseFunc
	slots chan struct{}
	all   sync.WaitGroup
	mu    sync.Mutex
	err   error
}

func newGroup(ctx context.Context, most int) *group {
	ctx, end := context.WithCancelCause(ctx)
	return &group{ctx: ctx, end: end, slots: make(chan struct{}, most)}
}

func (g *group) do(statement func(ctx context.Context) error) {
	g.slots <- struct{}{}
	g.all.Go(func() {
		defer func() { <-g.slots }()
		if err := statement(g.ctx); err != nil {
			g.mu.Lock()
			if g.err == nil {
				g.err = err
			}
			g.mu.Unlock()
			g.end(errors.New("another statement failed"))
		}
	})
}

// wait returns the first error, after all statements have ended.
func (g *group) wait() error {
	g.all.Wait()
	g.end(nil)
	return g.err
}

// basket collects what statements that run side by side have found.
type basket[T any] struct {
	mu  sync.Mutex
	all []T
}

func newBasket[T any]() *basket[T] { return &basket[T]{} }

func (b *basket[T]) add(one T) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.all = append(b.all, one)
}
