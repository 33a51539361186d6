package lease

import "context"

// tenure is the time in which the tenant acts for a name, from Gained to the return of Lost, and until the row is released.
type tenure struct {
	Grant
	ctx  context.Context //nolint:containedctx // it is the tenure: it ends with it
	end  context.CancelCauseFunc
	over chan struct{}
}

// begin is called with the book.
func (k *Keeper) begin(g Grant) {
	t := &tenure{Grant: g, over: make(chan struct{})}
	t.ctx, t.end = context.WithCancelCause(context.Background())
	k.tenures[g.Name] = t
	k.running.Go(func() { k.serve(t) })
}

// serve has a goroutine for itself: a tenant that takes its time delays no other name.
func (k *Keeper) serve(t *tenure) {
	k.log.Info("lease gained", "lease", t.Name, "epoch", t.Epoch)
	k.tenant.Gained(t.ctx, t.Name, t.Epoch)
	<-t.ctx.Done()
	k.log.Info("lease ends", "lease", t.Name, "epoch", t.Epoch, "reason", context.Cause(t.ctx).Error())
	k.tenant.Lost(t.Name)
	k.close(t)
	<-t.over
}

// close has the row released if the tenure ended on request.
func (k *Keeper) close(t *tenure) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.book.ended(t.Name) {
		wake(k.ended)
		return
	}
	k.over(t.Name)
	wake(k.free)
}

// over is called with the book. A row that was taken and never believed has no tenure.
func (k *Keeper) over(name string) {
	if t := k.tenures[name]; t != nil {
		delete(k.tenures, name)
		close(t.over)
	}
}
