package gatewaytest

import "testing"

// Kind makes gateways of one kind with the same providers.
type Kind struct {
	Prefix    string        // of its settings' names: FIX, SOCKET
	Providers func() string // the provider file
}

// New prepares a gateway as [New] does.
func (k Kind) New(t testing.TB, settings ...string) *Gateway {
	t.Helper()
	return New(t, k.Prefix, k.Providers(), settings...)
}

// Start starts a gateway that no other one takes over from soon.
func (k Kind) Start(t testing.TB, settings ...string) *Gateway {
	t.Helper()
	g := k.New(t, append([]string{Unhurried}, settings...)...)
	g.Start()
	return g
}
