package door

import (
	"context"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
)

// knob is a connection that only knows whether it was closed.
type knob struct {
	net.Conn
	shut bool
}

func (d *knob) Close() error { d.shut = true; return nil }

func come(l *Lobby, address netip.Addr) (*Guest, *knob) {
	d := &knob{}
	g := l.Enter(d, netip.Addr{})
	g.ComesFrom(address)
	return g, d
}

func stranger(n int) netip.Addr { return netip.AddrFrom4([4]byte{10, 0, byte(n >> 8), byte(n)}) }

var (
	ours  = netip.MustParsePrefix("192.0.2.0/24")
	alone = netip.MustParseAddr("198.51.100.7")
)

// A busy machine may not read a connection for a while. A connection that has just come does not count as one of a crowd
// meanwhile.
func TestWhoHasJustComeDoesNotMakeRoom(t *testing.T) {
	l := NewLobby(20, 20, nil)
	first := &knob{}
	l.Enter(first, netip.Addr{})
	for range 18 {
		l.Enter(&knob{}, netip.Addr{})
	}
	_, one := come(l, stranger(1))
	come(l, stranger(2))
	if first.shut || !one.shut {
		t.Errorf("who has just come was turned away: %t, the stranger: %t", first.shut, one.shut)
	}
}

func TestAnAddressHasItsBoundFromTheStart(t *testing.T) {
	l := NewLobby(100, 2, nil)
	oldest := &knob{}
	l.Enter(oldest, stranger(1))
	second, third := &knob{}, &knob{}
	l.Enter(second, stranger(1)).ComesFrom(stranger(1))
	if l.Enter(third, stranger(1)); !oldest.shut || second.shut || third.shut {
		t.Errorf("turned away: %t, %t, %t", oldest.shut, second.shut, third.shut)
	}
}

// However many connections come, from however many addresses, no more are there than allowed. A crowd pushes out its own
// connections, and not the one that came first and alone.
func TestACrowdPushesOutItsOwn(t *testing.T) {
	l := NewLobby(100, 10, nil)
	_, single := come(l, alone)
	for range 10_000 {
		come(l, stranger(rand.IntN(40)))
		if l.guests > 100 {
			t.Fatalf("%d guests", l.guests)
		}
		for address, o := range l.origins {
			if o.guests.Len() > 10 {
				t.Fatalf("%d guests from %s", o.guests.Len(), address)
			}
		}
	}
	if single.shut {
		t.Error("the one that came alone had to go")
	}
}

func TestTheOldestOfACrowdGoesFirst(t *testing.T) {
	l := NewLobby(3, 3, nil)
	var doors []*knob
	for range 5 {
		_, d := come(l, stranger(1))
		doors = append(doors, d)
	}
	for i, d := range doors {
		if d.shut != (i < 2) {
			t.Errorf("guest %d: shut %v", i, d.shut)
		}
	}
}

// Where each address has one connection there is no crowd. The address that a provider names stays.
func TestAnAddressThatAProviderNamesGivesWayLast(t *testing.T) {
	l := NewLobby(100, 10, []netip.Prefix{ours})
	_, named := come(l, netip.MustParseAddr("192.0.2.9"))
	for n := range 5_000 {
		come(l, stranger(n))
	}
	if named.shut {
		t.Error("it had to go")
	}
	full := NewLobby(2, 10, []netip.Prefix{ours})
	_, first := come(full, netip.MustParseAddr("192.0.2.1"))
	come(full, netip.MustParseAddr("192.0.2.2"))
	come(full, netip.MustParseAddr("192.0.2.3"))
	if !first.shut && full.guests != 2 {
		t.Errorf("%d guests", full.guests)
	}
}

func TestAGuestLeavesOnceAndAnEvictedOneHasLeft(t *testing.T) {
	l := NewLobby(1, 1, nil)
	first, _ := come(l, alone)
	second, _ := come(l, alone)
	first.Leave()
	first.ComesFrom(stranger(1))
	second.Leave()
	second.Leave()
	if l.guests != 0 || len(l.origins) != 0 {
		t.Errorf("%d guests of %d addresses", l.guests, len(l.origins))
	}
}

// A hundred connections with wrong passwords wait for each other. A provider does not wait for them.
func TestAPasswordOfANamedAddressWaitsForNoStranger(t *testing.T) {
	l := NewLobby(200, 10, []netip.Prefix{ours})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	checked, _ := come(l, stranger(0))
	done, err := checked.Turn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	waited := make(chan error)
	for n := 1; n <= 100; n++ {
		g, _ := come(l, stranger(n%20))
		go func() {
			_, err := g.Turn(ctx)
			waited <- err
		}()
	}
	named, _ := come(l, netip.MustParseAddr("192.0.2.9"))
	mine, err := named.Turn(ctx)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-waited:
		t.Fatalf("a stranger's was checked at the same time, error %v", err)
	default:
	}
	mine()
	cancel()
	for range 100 {
		if err := <-waited; err == nil {
			t.Error("a stranger's turn came although the first has not given its own back")
		}
	}
	done()
	if again, err := named.Turn(t.Context()); err != nil {
		t.Error(err)
	} else {
		again()
	}
}
