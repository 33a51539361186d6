package messages

import "time"

// Timed is what settlement reads of linecheck.timed: how long line checks took in about a second.
type Timed struct {
	Checks int     `json:"checks"`
	MeanMS float64 `json:"mean_ms"`
	P95MS  float64 `json:"p95_ms"` // 0 from a replica of an earlier version
}

// Slow returns how long the slow ones of the checks took: the 95th percentile, or the mean where that is all that is known.
func (t Timed) Slow() time.Duration {
	if t.P95MS > 0 {
		return time.Duration(t.P95MS * float64(time.Millisecond))
	}
	return time.Duration(t.MeanMS * float64(time.Millisecond))
}
