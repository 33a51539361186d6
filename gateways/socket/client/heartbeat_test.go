package client_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/gateways/socket/client"
	"fxcore/gateways/socket/internal/soup"
)

// pipes makes connections within the process, so that a test can use a clock of its own.
func pipes() (client.Option, <-chan net.Conn) {
	servers := make(chan net.Conn, 1)
	return client.WithConnect(func(context.Context) (net.Conn, error) {
		ours, theirs := net.Pipe()
		servers <- theirs
		return ours, nil
	}), servers
}

// admit answers the login on a connection and passes on when each packet after it came.
func admit(t *testing.T, conn net.Conn, packets chan<- soup.Type) {
	t.Helper()
	r := soup.NewReader(conn, soup.Client, soup.MaxPayload)
	if _, err := r.Next(); err != nil {
		t.Error(err)
	}
	packet, _ := soup.Acceptance{Session: session, Next: 1}.Append(nil)
	if _, err := conn.Write(packet); err != nil {
		t.Error(err)
	}
	go func() {
		defer close(packets)
		for {
			p, err := r.Next()
			if err != nil {
				return
			}
			packets <- p.Type
		}
	}()
}

// SoupBinTCP 3.00, sections 2.2.4 and 2.3.5: the client sends a heartbeat after a second without a packet. It gives up a server
// that is silent for fifteen.
func TestHeartbeatsAndPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connect, servers := pipes()
		packets := make(chan soup.Type)
		go func() { admit(t, <-servers, packets) }()
		c, err := client.Dial(t.Context(), "", alpha, fromOne, connect)
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		if p := <-packets; p != soup.TypeUnsequenced || time.Since(begun) != 0 {
			t.Fatalf("first %q after %v", p, time.Since(begun))
		}
		for second := 1; ; second++ {
			p, alive := <-packets
			if !alive {
				break
			}
			if p != soup.TypeClientHeartbeat && time.Since(begun) != 15*time.Second {
				t.Errorf("%q", p)
			}
			if want := time.Duration(second) * time.Second; p == soup.TypeClientHeartbeat && time.Since(begun) != want {
				t.Errorf("heartbeat after %v instead of %v", time.Since(begun), want)
			}
		}
		if time.Since(begun) != 15*time.Second {
			t.Errorf("given up after %v", time.Since(begun))
		}
		again := <-servers // it connects again
		again.Close()
		c.Close()
	})
}

func TestClosingDoesNotWaitForAServerThatDoesNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connect, servers := pipes()
		go func() {
			conn := <-servers
			if _, err := soup.NewReader(conn, soup.Client, soup.LoginLimit).Next(); err != nil {
				t.Error(err)
			}
			packet, _ := soup.Acceptance{Session: session, Next: 1}.Append(nil)
			if _, err := conn.Write(packet); err != nil {
				t.Error(err)
			}
		}()
		c, err := client.Dial(t.Context(), "", alpha, fromOne, connect)
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		begun := time.Now()
		c.Close()
		if took := time.Since(begun); took > time.Second {
			t.Errorf("closed after %v", took)
		}
	})
}

func TestAServerThatSaysThatItIsThereIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		connect, servers := pipes()
		packets := make(chan soup.Type, 1000)
		admitted := make(chan net.Conn, 1)
		go func() {
			conn := <-servers
			admit(t, conn, packets)
			admitted <- conn
		}()
		c, err := client.Dial(t.Context(), "", alpha, fromOne, connect)
		if err != nil {
			t.Fatal(err)
		}
		conn := <-admitted
		for range 20 {
			<-time.NewTimer(10 * time.Second).C
			if _, err := conn.Write([]byte{0, 1, byte(soup.TypeServerHeartbeat)}); err != nil {
				t.Fatal(err)
			}
		}
		c.Close()
		last := soup.Type(0)
		for p := range packets {
			last = p
		}
		if last != soup.TypeLogout {
			t.Errorf("the last packet is %q", last)
		}
	})
}
