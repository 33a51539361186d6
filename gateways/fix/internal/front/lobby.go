package front

import (
	"container/list"
	"net"
	"net/netip"
	"sync"
)

// lobby holds the connections that are not logged on. When it is full the one that has waited longest gives way: a
// provider logs on within milliseconds, so those who do not are the ones to go, and nobody can lock the others out by
// filling it.
type lobby struct {
	mu      sync.Mutex
	max     int
	maxEach int
	guests  *list.List // of *guest, in the order of arrival
	each    map[netip.Addr]int
}

type guest struct {
	lobby   *lobby
	conn    net.Conn
	address netip.Addr // invalid while it is not known: behind a proxy
	place   *list.Element
}

func newLobby(maximum, maxEach int) *lobby {
	return &lobby{max: maximum, maxEach: maxEach, guests: list.New(), each: map[netip.Addr]int{}}
}

// enter adds a connection.
func (l *lobby) enter(conn net.Conn) *guest {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.guests.Len() >= l.max {
		l.evict(l.guests.Front())
	}
	g := &guest{lobby: l, conn: conn}
	g.place = l.guests.PushBack(g)
	return g
}

// comesFrom notes a guest's address.
func (g *guest) comesFrom(address netip.Addr) {
	l := g.lobby
	l.mu.Lock()
	defer l.mu.Unlock()
	if g.place == nil {
		return
	}
	if l.each[address] >= l.maxEach {
		l.evict(l.oldest(address))
	}
	g.address = address
	l.each[address]++
}

// leave removes a guest that has logged on or gone.
func (g *guest) leave() {
	g.lobby.mu.Lock()
	defer g.lobby.mu.Unlock()
	g.lobby.remove(g)
}

func (l *lobby) oldest(address netip.Addr) *list.Element {
	for e := l.guests.Front(); e != nil; e = e.Next() {
		if e.Value.(*guest).address == address {
			return e
		}
	}
	return nil
}

func (l *lobby) evict(e *list.Element) {
	if e == nil {
		return
	}
	g := e.Value.(*guest)
	l.remove(g)
	_ = g.conn.Close()
}

func (l *lobby) remove(g *guest) {
	if g.place == nil {
		return
	}
	l.guests.Remove(g.place)
	g.place = nil
	if g.address.IsValid() {
		if l.each[g.address]--; l.each[g.address] == 0 {
			delete(l.each, g.address)
		}
	}
}
