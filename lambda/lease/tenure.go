package lease

import "context"

// tenure is one time of holding a name: from Gained to the return of Lost and, if the name was given, to the release of its
// row.
type tenure struct {
	Grant
	ctx  context.Context //nolint:containedctx // it is the tenure: it ends with it
	end  context.CancelCauseFunc
	over chan struct{} // closed at the end of the tenure
}

// begin starts a tenure. The caller holds mu.
func (k *Keeper) begin(g Grant) {
	t := &tenure{Grant: g, over: make(chan struct{})}
	t.ctx, t.end = context.WithCancelCause(context.Background())
	k.tenures[g.Name] = t
	k.running.Go(func() { k.serve(t) })
}

// serve calls the tenant. It runs in a goroutine of its own, so that a slow tenant delays no other name.
func (k *Keeper) serve(t *tenure) {
	k.log.Info("lease gained", "lease", t.Name, "epoch", t.Epoch)
	k.tenant.Gained(t.ctx, t.Name, t.Epoch)
	<-t.ctx.Done()
	k.log.Info("lease ends", "lease", t.Name, "epoch", t.Epoch, "reason", context.Cause(t.ctx).Error())
	k.tenant.Lost(t.Name)
	k.close(t)
	<-t.over
}

// close is called when the tenant has ended. If the name was given, its row is released next, and that ends the tenure.
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

// over ends the tenure of a name. The caller holds mu. A row that was taken but never believed has no tenure.
func (k *Keeper) over(name string) {
	if t := k.tenures[name]; t != nil {
		delete(k.tenures, name)
		close(t.over)
	}
}
