package door

import (
	"io"
	"net"
	"time"
)

// Bounds of Linger.
const (
	lingerBytes   = 1 << 20 // read from a provider after our last message
	lingerTimeout = time.Second
)

// CloseWrite ends our direction of a connection, or all of it where there is no half.
func CloseWrite(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = conn.Close()
}

// Linger closes a connection so that what was written last arrives: closing at once, with something unread, would reset
// the connection and could take a Logout with it.
func Linger(conn net.Conn) {
	CloseWrite(conn)
	_ = conn.SetReadDeadline(time.Now().Add(lingerTimeout))
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, lingerBytes))
	_ = conn.Close()
}

// Write writes within a bound.
func Write(conn net.Conn, b []byte, bound time.Duration) error {
	if len(b) == 0 {
		return nil
	}
	if err := conn.SetWriteDeadline(time.Now().Add(bound)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}
