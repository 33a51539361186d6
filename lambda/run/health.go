package run

import (
	"context"

	"fxcore/lambda/health"
)

// serveHealth starts before all parts and stops after them, so that the health can be asked all the time.
func (a *App) serveHealth(ctx context.Context) (stop func(), err error) {
	listener, err := health.Listen(ctx, a.base.HealthAddr)
	if err != nil {
		return nil, err
	}
	a.Log.Info(FirstMessage, "server.address", listener.Addr().String())
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := a.Health.Serve(serving, listener); err != nil {
			a.fail(err)
		}
	}()
	return func() { cancel(); <-done }, nil
}
