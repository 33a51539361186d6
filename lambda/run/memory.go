package run

import (
	"os"
	"runtime/debug"
)

// The garbage collector's settings. Many small processes share a machine: each has a heap of a few megabytes, which at
// Go's default would be collected several times a second under load, for nothing. So the heap may grow to five times
// what lives in it, until the whole process nears the soft limit; there the collector works as hard as it must.
const (
	gcPercent   = 400
	memoryLimit = 256 << 20 // bytes
)

// tuneMemory applies these settings unless the environment has its own: GOGC and GOMEMLIMIT win.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
