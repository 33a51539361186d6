//go:build e2e

package e2e

import (
	"context"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/oracle/stores"
)

// logLines, after all parts: whoever was killed or away meanwhile, the store has each log line of each program once, but for those that the program
// has said it dropped, and for the last ones of a process that was killed.
func (c *core) logLines(t *testing.T) {
	if c.began.IsZero() {
		t.Skip("no part has run")
	}
	c.linesAreKept(t)
}

func (c *core) linesAreKept(t *testing.T) {
	t.Helper()
	var found stores.Lines
	testkit.Eventually(t, "all log lines in their store", 3*time.Minute, func() (err error) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if found, err = stores.LogLines(ctx, c.Stack); err == nil {
			err = found.Complete()
		}
		return err
	})
	t.Logf("%d log lines: all are kept but %d that were dropped and %d that killed processes did not send", found.Written, found.Dropped, found.Unsent)
}
