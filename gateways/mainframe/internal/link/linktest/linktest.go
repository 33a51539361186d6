// Package linktest opens links to the mainframe for tests.
package linktest

import (
	"errors"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/lambda/testkit"
)

// Open returns a link to the host at addr, and all record types. The link waits for a connection or an answer for so long, and
// tries again soon after failures. It is closed when the test ends.
func Open(t testing.TB, addr string, timeout time.Duration) (*link.Link, *records.Layouts) {
	t.Helper()
	cfg := link.Config{Addr: addr, DialTimeout: timeout, Timeout: timeout, Failures: 3, Rest: 50 * time.Millisecond}
	host, err1 := link.New(cfg, hosttest.Trust(t, "mainframe"), "test", testkit.Log(t))
	layouts, err2 := records.NewLayouts()
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	return host, layouts
}
