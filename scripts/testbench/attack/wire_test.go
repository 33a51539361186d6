//go:build e2e

package attack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/testkit"
)

// encrypted are the ports at which every connection must be TLS.
func (c *core) encrypted(t *testing.T) map[int]string {
	t.Helper()
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	ports := map[int]string{}
	for _, name := range []string{"amqp", "postgres", "redis", "mainframe", "mainframe_control", "haproxy_stats"} {
		if r.Ports[name] == 0 {
			t.Fatalf("the record names no port %s", name)
		}
		ports[r.Ports[name]] = name
	}
	return ports
}

// Somebody without TLS speaks each server's own protocol. No server answers in it, so no password and no message can travel like that.
func TestPlainTextIsRefused(t *testing.T) {
	c := theCore(t)
	startup := binary.BigEndian.AppendUint32(nil, 196608) // version 3.0 of PostgreSQL's protocol
	startup = append(startup, "user\x00postgres\x00database\x00fxcore\x00\x00"...)
	startup = append(binary.BigEndian.AppendUint32(nil, uint32(len(startup)+4)), startup...) //nolint:gosec // some bytes
	said := map[string][]byte{"amqp": []byte("AMQP\x00\x00\x09\x01"), "redis": []byte("PING\r\n"), "postgres": startup}
	answered := map[string][]byte{"amqp": []byte("RabbitMQ"), "redis": []byte("PONG"), "postgres": []byte("SCRAM")}
	for port, name := range c.encrypted(t) {
		conn, err := net.DialTimeout("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)), attackBound)
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(attackBound))
		word, known := said[name]
		if !known {
			word = []byte("GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n")
		}
		_, _ = conn.Write(word)
		answer := make([]byte, 4096)
		n, _ := io.ReadAtLeast(conn, answer, 1)
		_ = conn.Close()
		if bad := answered[name]; bytes.Contains(answer[:n], []byte("200 OK")) || len(bad) > 0 && bytes.Contains(answer[:n], bad) {
			t.Errorf("%s answers plain text: %q", name, answer[:n])
		}
	}
}

// Somebody stands between a program and its server, with a certificate of an authority of their own. The program tells them nothing.
func TestAStrangersServerGetsNoPassword(t *testing.T) {
	c := theCore(t)
	for _, setting := range []string{"AMQP_URL", "POSTGRES_URL", "REDIS_URL"} {
		m := c.means(t, "trading")
		thief := newThief(t)
		address := thief.through(t, m.setting(t, setting))
		var err error
		switch setting {
		case "AMQP_URL":
			_, err = dial(address)
		case "POSTGRES_URL":
			_, err = pgx.Connect(t.Context(), address)
		case "REDIS_URL":
			err = means{"trading", map[string]string{"REDIS_URL": address}}.redis(t).Ping(t.Context()).Err()
		}
		if err == nil {
			t.Errorf("%s: a server with a stranger's certificate is believed", setting)
		}
		if heard := thief.heard(); len(heard) > 0 {
			t.Errorf("%s: a stranger's server was told %q", setting, heard)
		}
	}
}

// Somebody reads everything that passes between the components. Nothing there can be read.
func TestWhatPassesBetweenComponentsCannotBeRead(t *testing.T) {
	c := theCore(t)
	ports := c.encrypted(t)
	control, word := net.Listener(nil), []byte("a word that anybody can read")
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = control.Close() }()
	open := control.Addr().(*net.TCPAddr).Port
	ear := listenToLoopback(t)
	go func() {
		for {
			conn, err := net.Dial("tcp", control.Addr().String())
			if err != nil {
				return
			}
			_, _ = conn.Write(word)
			_ = conn.Close()
			time.Sleep(50 * time.Millisecond)
		}
	}()
	legible := [][]byte{word} // of requests, reports of health and log lines, which pass all the time
	for _, s := range []string{"health.reported", "fx.logs", "fx.ops", "trading-1", "@timestamp", "select ", "insert ", "hgetall", "static:meta", "GET /", "HTTP/1.1", `"live"`} {
		legible = append(legible, []byte(s))
	}
	heard, heardControl := map[int]int{}, false
	testkit.Eventually(t, "traffic of all servers", attackBound, func() error {
		for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); {
			port, payload := ear.next(t)
			if port == open {
				heardControl = heardControl || bytes.Contains(payload, word)
				continue
			}
			name, ours := ports[port]
			if !ours || len(payload) == 0 {
				continue
			}
			heard[port]++
			if i := slices.IndexFunc(legible, func(s []byte) bool { return bytes.Contains(payload, s) }); i >= 0 {
				t.Fatalf("between a program and %s anybody can read %q", name, legible[i])
			}
		}
		for port, name := range ports {
			if heard[port] < 20 && name != "mainframe_control" { // nobody orders anything there
				return fmt.Errorf("%d packets of %s", heard[port], name)
			}
		}
		if !heardControl {
			return fmt.Errorf("the word that is sent in plain text was not heard")
		}
		return nil
	})
}

// ear hears all packets of the loopback interface.
type ear struct {
	socket int
	buffer [1 << 17]byte
}

func listenToLoopback(t *testing.T) *ear {
	t.Helper()
	const all = 0x0003 // ETH_P_ALL
	swapped := int(binary.BigEndian.Uint16(binary.NativeEndian.AppendUint16(nil, all)))
	socket, err := syscall.Socket(syscall.AF_PACKET, syscall.SOCK_DGRAM|syscall.SOCK_CLOEXEC, swapped)
	if err != nil {
		t.Fatalf("hear the loopback interface, which only root can: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Close(socket) })
	lo, err := net.InterfaceByName("lo")
	if err == nil {
		err = syscall.Bind(socket, &syscall.SockaddrLinklayer{Protocol: uint16(swapped), Ifindex: lo.Index}) //nolint:gosec // two bytes
	}
	if err == nil {
		err = syscall.SetsockoptTimeval(socket, syscall.SOL_SOCKET, syscall.SO_RCVTIMEO, &syscall.Timeval{Usec: 100_000})
	}
	if err != nil {
		t.Fatal(err)
	}
	return &ear{socket: socket}
}

// next returns what one packet carries, and the lower of its two ports: that of the server. It returns nothing if none came for a moment.
func (e *ear) next(t *testing.T) (port int, payload []byte) {
	t.Helper()
	n, _, err := syscall.Recvfrom(e.socket, e.buffer[:], 0)
	if err != nil {
		return 0, nil
	}
	packet := e.buffer[:n]
	if len(packet) < 20 || packet[0]>>4 != 4 || packet[9] != syscall.IPPROTO_TCP {
		return 0, nil
	}
	segment := packet[int(packet[0]&15)*4:]
	if len(segment) < 20 {
		return 0, nil
	}
	from, to := int(binary.BigEndian.Uint16(segment)), int(binary.BigEndian.Uint16(segment[2:]))
	header := int(segment[12]>>4) * 4
	if header > len(segment) {
		return 0, nil
	}
	return min(from, to), segment[header:]
}
