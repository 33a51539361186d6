package testkit_test

import (
	"errors"
	"net"
	"syscall"
	"testing"

	"fxcore/lambda/testkit"
)

// A server can listen there again and again. While it is away, the port is taken for all others, so the kernel does not hand it
// out.
func TestAnAddressIsTheTestsOwnWhileItsServerIsAway(t *testing.T) {
	t.Parallel()
	address := testkit.Address(t)
	for range 2 {
		if err := takeAlone(t, address); !errors.Is(err, syscall.EADDRINUSE) {
			t.Errorf("%s is to be had: %v, want EADDRINUSE", address, err)
		}
		server, err := net.Listen("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		client, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		served, err := server.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_, _, _ = served.Close(), client.Close(), server.Close() // the server's side first, which keeps the port a while
	}
}

func TestAnAddressGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var address string
	t.Run("takes one", func(t *testing.T) { address = testkit.Address(t) })
	if err := takeAlone(t, address); err != nil {
		t.Errorf("%s is still kept: %v", address, err)
	}
}

// takeAlone binds to the address without sharing it.
func takeAlone(t *testing.T, address string) error {
	t.Helper()
	at, err := net.ResolveTCPAddr("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = syscall.Close(socket) }()
	return syscall.Bind(socket, &syscall.SockaddrInet4{Port: at.Port, Addr: at.AddrPort().Addr().As4()})
}
