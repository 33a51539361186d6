package testkit

import (
	"net/netip"
	"syscall"
	"testing"
)

// Address returns a loopback address with a free port, for a server that the test starts there. The port belongs to the test
// until the test ends, even while its server is away: the kernel gives it to no other listener and to no outgoing connection.
// Either would keep the server from starting.
//
// A socket that is bound but does not listen keeps the port. It gets SO_REUSEADDR only after it is bound: so no second socket of
// this kind can have the port, but a server can, since servers set SO_REUSEADDR to be able to start again at once.
func Address(t testing.TB) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatalf("socket to keep an address: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	loopback := netip.MustParseAddr("127.0.0.1")
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: loopback.As4()}); err != nil {
		t.Fatalf("bind to any address of %s: %v", loopback, err)
	}
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, syscall.SO_REUSEADDR, 1); err != nil {
		t.Fatalf("share the address: %v", err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatalf("ask for the address: %v", err)
	}
	return netip.AddrPortFrom(loopback, uint16(name.(*syscall.SockaddrInet4).Port)).String() //nolint:gosec // a port
}
