package testkit

import (
	"net/netip"
	"syscall"
	"testing"
)

// Address is one of the loopback interface where nobody listens, for a server that is to be told where to. It is the
// test's own until it ends, also while its server is away: the kernel gives the port to no other listener and to no
// outgoing connection, which would be enough to keep the server from starting.
//
// It is kept by a socket that is bound and does not listen. Allowed to be shared only once it is bound, it has the port
// to itself among its like, and steps aside for servers, which share addresses (SO_REUSEADDR) to be quick to start again.
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
