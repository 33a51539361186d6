package run

import (
	"context"
	"errors"

	"fxcore/lambda/audit"
	"fxcore/lambda/mirror"
)

// Static is data of another program that this one keeps in memory, such as a mirror of a set in Redis.
type Static interface {
	Run(ctx context.Context) error   // keeps the data current until ctx ends
	Ready(ctx context.Context) error // nil once data has been loaded
	Fresh(ctx context.Context) error // nil while the data can be kept current
}

// Static keeps the data current for as long as the program runs. Parts that are registered later wait until it has been loaded
// once, so that a replica that joins decides like the others. While the data cannot be kept current, the health warns. Data that is not
// believed is noted for the audit.
func (a *App) Static(name string, s Static) {
	a.Go(name, s.Run)
	a.Health.Warn(name, func(ctx context.Context) error { return a.judged(name, s.Fresh(ctx)) })
	a.Await(name, s.Ready)
}

// judged notes an error that says that data is not believed, and returns it.
func (a *App) judged(name string, err error) error {
	if errors.Is(err, mirror.ErrForged) || errors.Is(err, mirror.ErrAhead) {
		a.Audit.Stranger(audit.Note{What: "set.refused", Outcome: audit.Refused, Who: "whoever wrote it", About: name, Why: err.Error()})
	}
	return err
}
