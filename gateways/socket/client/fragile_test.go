package client_test

import (
	"errors"
	"net"
)

// fragile is a connection that is cut after so many bytes, within a packet or between two.
type fragile struct {
	net.Conn
	in, out int
}

var errCut = errors.New("cut")

func (f *fragile) Read(b []byte) (int, error) {
	if f.in <= 0 {
		f.Conn.Close()
		return 0, errCut
	}
	n, err := f.Conn.Read(b[:min(len(b), f.in)])
	f.in -= n
	return n, err
}

func (f *fragile) Write(b []byte) (int, error) {
	n, err := f.Conn.Write(b[:min(len(b), f.out)])
	if f.out -= n; n < len(b) && err == nil {
		f.Conn.Close()
		return n, errCut
	}
	return n, err
}
