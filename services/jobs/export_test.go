package jobs

import "fxcore/lambda/health"

// Show registers the schedule in a health.
func (s *Schedule) Show(h *health.Health) { s.show(h) }
