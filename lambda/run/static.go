package run

import "context"

// Static is data from elsewhere that a program holds in memory and follows, such as a mirror of a set in Redis.
type Static interface {
	Run(ctx context.Context) error   // follows the data until ctx ends
	Ready(ctx context.Context) error // nil once data was loaded
	Fresh(ctx context.Context) error // nil while the data can be followed
}

// Static follows the data for as long as the program runs. The parts registered later wait until it was loaded once, so
// that a replica that joins decides like the others. The health warns while the data cannot be followed.
func (a *App) Static(name string, s Static) {
	a.Go(name, s.Run)
	a.Health.Warn(name, s.Fresh)
	a.Await(name, s.Ready)
}
