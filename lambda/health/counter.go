package health

import "sync/atomic"

// Counter counts since the process started. It is safe for use by many goroutines.
type Counter struct{ n atomic.Int64 }

// Add adds n.
func (c *Counter) Add(n int) { c.n.Add(int64(n)) }

// Value is the count now.
func (c *Counter) Value() int64 { return c.n.Load() }
