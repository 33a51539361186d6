package ports_test

import (
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"fxcore/scripts/fxcore/internal/ports"
)

func TestAChosenBlockIsFreeAndItsPortsDiffer(t *testing.T) {
	b, err := ports.Choose()
	if err != nil {
		t.Fatal(err)
	}
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

func TestATakenPortIsFoundWithWhoHoldsIt(t *testing.T) {
	b, err := ports.Choose()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(b.Redis())))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	if got := b.Taken(); got != b.Redis() {
		t.Errorf("taken is %d, want %d", got, b.Redis())
	}
	if got := ports.Holder(b.Redis()); !strings.Contains(got, strconv.Itoa(os.Getpid())) {
		t.Errorf("holder is %q, want this process, %d", got, os.Getpid())
	}
}
