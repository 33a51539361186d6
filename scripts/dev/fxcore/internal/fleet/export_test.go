package fleet

import "fxcore/scripts/dev/fxcore/internal/server"

// AskReady is for the tests.
var AskReady = askReady

// FIXInstances are the FIX gateway's as HAProxy reaches them.
func (f Fleet) FIXInstances() ([]server.Instance, error) {
	return f.instances("fix", f.Ports.FIXInstance)
}
