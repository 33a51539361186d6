package fleet

import "fxcore/scripts/dev/fxcore/internal/server"

// AskReady is exported for tests.
var AskReady = askReady

// FIXInstances returns the FIX gateway's instances with the addresses that HAProxy uses.
func (f Fleet) FIXInstances() ([]server.Instance, error) {
	return f.instances("fix", f.Ports.FIXInstance)
}
