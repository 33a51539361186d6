package ports_test

import (
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"

	"fxcore/scripts/dev/fxcore/internal/ports"
)

func choose(t *testing.T) (b ports.Block, release func()) {
	t.Helper()
	b, release, err := ports.Choose()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return b, release
}

func TestThePortsOfABlockDiffer(t *testing.T) {
	b, _ := choose(t)
	seen := map[int]bool{}
	for name, port := range b.Named() {
		if seen[port] || port < int(b) || port >= int(b)+ports.Size || b.Name(port) != name {
			t.Errorf("%s has port %d of block %d, which is called %s", name, port, b, b.Name(port))
		}
		seen[port] = true
	}
	for n := 0; b.Health(n) != 0; n++ {
		if seen[b.Health(n)] || b.Health(n) >= int(b)+ports.Size {
			t.Errorf("health port %d is %d", n, b.Health(n))
		}
		seen[b.Health(n)] = true
	}
}

func TestABlockHasOneHolder(t *testing.T) {
	b, release := choose(t)
	if _, taken := b.Hold(); taken != b.Claim() {
		t.Errorf("held twice, or port %d is taken", taken)
	}
	release()
	again, taken := b.Hold()
	if taken != 0 {
		t.Fatalf("released, and port %d is taken", taken)
	}
	again()
}

func TestOfManyThatBeginAtOnceOneGetsTheBlock(t *testing.T) {
	b, release := choose(t)
	release()
	held := make(chan func(), 20)
	var all sync.WaitGroup
	for range cap(held) {
		all.Go(func() {
			if release, taken := b.Hold(); taken == 0 {
				held <- release
			}
		})
	}
	all.Wait()
	close(held)
	n := 0
	for release := range held {
		n++
		release()
	}
	if n != 1 {
		t.Errorf("%d hold the block", n)
	}
}

func TestATakenPortIsFoundWithWhoHoldsIt(t *testing.T) {
	b, release := choose(t)
	release()
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(b.Redis())))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if _, taken := b.Hold(); taken != b.Redis() {
		t.Errorf("taken is %d, want %d", taken, b.Redis())
	}
	if got := ports.Holder(b.Redis()); !strings.Contains(got, strconv.Itoa(os.Getpid())) {
		t.Errorf("holder is %q, want this process, %d", got, os.Getpid())
	}
}

// A connection holds its own port too, although nobody listens there: no process can be stopped to get it.
func TestAPortOfAConnectionIsNamedAsOne(t *testing.T) {
	b, release := choose(t)
	release()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	from := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: b.Redis()}}
	c, err := from.DialContext(t.Context(), "tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, taken := b.Hold(); taken != b.Redis() {
		t.Errorf("taken is %d, want %d", taken, b.Redis())
	}
	if got := ports.Holder(b.Redis()); !strings.Contains(got, "a connection from this machine") {
		t.Errorf("holder is %q, want a connection", got)
	}
}
