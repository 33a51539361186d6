package door

import (
	"io"
	"net"
	"time"
)

// Bounds of Linger.
const (
	lingerBytes   = 1 << 20 // bytes read from a provider after our last message
	lingerTimeout = time.Second
)

// CloseWrite ends our direction of a connection. If the connection cannot be closed by halves, it closes all of it.
func CloseWrite(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = conn.Close()
}

// Linger closes a connection so that the last message arrives. Closing it with unread data would reset the connection, and a
// Logout could be lost.
func Linger(conn net.Conn) {
	CloseWrite(conn)
	_ = conn.SetReadDeadline(time.Now().Add(lingerTimeout))
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, lingerBytes))
	_ = conn.Close()
}

// Write writes b. It fails if that takes longer than bound.
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
