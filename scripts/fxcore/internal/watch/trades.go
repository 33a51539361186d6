package watch

import (
	"context"
	"fmt"
)

// The tables read here belong to trading and linecheck; TestQueriesFitTheServices fails when they change.

func (b *book) counts(ctx context.Context, r *Report) error { return nil }
func (b *book) speed(ctx context.Context, r *Report) error  { return nil }
func (b *book) last(ctx context.Context, r *Report) error {
	_ = fmt.Sprint
	return nil
}
