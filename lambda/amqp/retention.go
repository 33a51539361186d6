package amqp

import (
	"fmt"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"
)

// Retention bounds what a stream keeps. At least one bound must be set; with both, the broker removes what exceeds either.
//
// The broker removes whole segments, the oldest first, and only when it begins a new one. So a stream always keeps its
// newest segment, and up to one segment more than its bounds say.
type Retention struct {
	MaxBytes int64         `json:"max_bytes,omitempty"`
	MaxAge   time.Duration `json:"max_age,omitempty"` // in whole seconds
}

// Bounds of a segment. Eight of them make up MaxBytes, where that is within these bounds.
const (
	minSegmentBytes = 1 << 20
	maxSegmentBytes = 500_000_000 // the broker's own default
	segments        = 8
)

// arguments are those of a stream with this retention. A stream has no retry queue, no dead letters, no delivery limit and
// no overflow: reading removes nothing.
func (r Retention) arguments() amqp091.Table {
	args := amqp091.Table{"x-queue-type": "stream"}
	if r.MaxBytes > 0 {
		args["x-max-length-bytes"] = r.MaxBytes
		args["x-stream-max-segment-size-bytes"] = min(max(r.MaxBytes/segments, minSegmentBytes), maxSegmentBytes)
	}
	if r.MaxAge > 0 {
		args["x-max-age"] = fmt.Sprintf("%ds", int64(r.MaxAge.Seconds()))
	}
	return args
}
