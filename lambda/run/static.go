package run

import "context"

// Static is data of another program that this one keeps in memory, such as a mirror of a set in Redis.
type Static interface {
	Run(ctx context.Context) error   // keeps the data current until ctx ends
	Ready(ctx context.Context) error // nil once data has been loaded
	Fresh(ctx context.Context) error // nil while the data can be kept current
}

// Static keeps the data current for as long as the program runs. Parts that are registered later wait until it has been loaded
// once, so that a replica that joins decides like the others. While the data cannot be kept current, the health warns.
func (a *App) Static(name string, s Static) {
	a.Go(name, s.Run)
	a.Health.Warn(name, s.Fresh)
	a.Await(name, s.Ready)
}
