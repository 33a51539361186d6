package run

import (
	"os"
	"runtime/debug"
)

// The garbage collector's settings. Many small processes share a machine. Each has a heap of a few megabytes; with Go's default
// it would be collected several times a second under load, with little gain. So the heap may grow to five times the live data,
// until the process comes near the soft memory limit. From there on the collector works as hard as it must.
const (
	gcPercent   = 400
	memoryLimit = 256 << 20 // bytes
)

// tuneMemory applies these settings. The environment's own, GOGC and GOMEMLIMIT, take precedence.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
