package front

import (
	"io"
	"net"
	"time"
)

func closeWrite(conn net.Conn) {
	if half, ok := conn.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
		return
	}
	_ = conn.Close()
}

// linger closes a connection so that what was written last arrives: closing at once, with something unread, would reset
// the connection and could take a Logout with it.
func linger(conn net.Conn) {
	closeWrite(conn)
	_ = conn.SetReadDeadline(time.Now().Add(lingerTimeout))
	_, _ = io.Copy(io.Discard, io.LimitReader(conn, lingerBytes))
	_ = conn.Close()
}

func write(conn net.Conn, b []byte, bound time.Duration) error {
	if len(b) == 0 {
		return nil
	}
	if err := conn.SetWriteDeadline(time.Now().Add(bound)); err != nil {
		return err
	}
	_, err := conn.Write(b)
	return err
}
