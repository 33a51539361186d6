package session

import (
	"context"
	"time"

	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/internal/absence"
)

// watchAbsence counts how long the provider is away, where that matters.
func (s *Session) watchAbsence(ctx context.Context, epoch int64) {
	p := s.Provider()
	if p.CancelAfter == 0 {
		return
	}
	watch := absence.Watch{
		Pool: s.shared.Pool, Bus: s.shared.Bus, Name: engine.SessionID(p).String(), Epoch: epoch,
		Provider: p.ID, Origin: p.Origin(), Grace: time.Duration(p.CancelAfter), Source: s.shared.Source,
		Present: func() bool { return s.Status().LoggedOn }, Changed: s.Changed(), Log: s.shared.Log,
	}
	s.run(ctx, "absence", watch.Run)
}
