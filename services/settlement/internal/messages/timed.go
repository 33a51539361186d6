package messages

// Timed is what settlement reads of linecheck.timed: how long line checks took in about a second.
type Timed struct {
	Checks int     `json:"checks"`
	MeanMS float64 `json:"mean_ms"`
}
