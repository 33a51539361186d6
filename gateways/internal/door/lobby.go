package door

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// Lobby has the connections that are not logged on. When it is full, it closes the oldest connection of the address with the
// most connections. So a crowd from one address displaces only its own connections, never a provider with a single one.
// Addresses that a provider's rules name are the last to lose connections.
type Lobby struct {
	mu       sync.Mutex
	max      int
	maxEach  int
	named    func(netip.Addr) bool // reports whether a provider's rules name the address
	guests   int
	evicted  int
	origins  map[netip.Addr]*origin // the zero address stands for connections of a proxy whose header was not read yet
	unnamed  chan struct{}          // a token for each password check for an unnamed address
	reserved bool                   // rules name addresses, so password checks are reserved for those
}

// origin has the guests of one address.
type origin struct {
	guests *list.List    // of *Guest, in the order of arrival
	turn   chan struct{} // a token while a password from this address is checked
}

// Guest is a connection in the lobby.
type Guest struct {
	lobby *Lobby
	conn  net.Conn
	from  netip.Addr
	place *list.Element // nil after it has left
}

// unnamedChecks is the number of concurrent password checks for unnamed addresses, if there are named ones. The other checks
// are reserved for those.
const unnamedChecks = 1

// NewLobby returns an empty lobby for at most maximum guests, and at most maxEach of one address. named are the networks in the
// providers' rules.
func NewLobby(maximum, maxEach int, named []netip.Prefix) *Lobby {
	l := &Lobby{
		max: maximum, maxEach: maxEach, origins: map[netip.Addr]*origin{}, unnamed: make(chan struct{}, unnamedChecks),
	}
	l.Know(named)
	return l
}

// Know replaces the networks in the providers' rules.
func (l *Lobby) Know(named []netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved = len(named) > 0
	l.named = func(a netip.Addr) bool {
		return slices.ContainsFunc(named, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// Enter adds a connection. from is its address; it is invalid while the address is unknown, see ComesFrom. Guests with
// an unknown address count as named: they are among the last that are closed to make room, because their address will be
// known in a moment.
func (l *Lobby) Enter(conn net.Conn, from netip.Addr) *Guest {
	l.mu.Lock()
	defer l.mu.Unlock()
	if o := l.origins[from]; from.IsValid() && o != nil && o.guests.Len() >= l.maxEach {
		l.evict(o)
	} else if l.guests >= l.max {
		l.evict(l.largest())
	}
	g := &Guest{lobby: l, conn: conn, from: from}
	l.add(g)
	return g
}

// ComesFrom sets a guest's address.
func (g *Guest) ComesFrom(address netip.Addr) {
	l := g.lobby
	l.mu.Lock()
	defer l.mu.Unlock()
	if g.place == nil || g.from == address {
		return
	}
	if o := l.origins[address]; o != nil && o.guests.Len() >= l.maxEach {
		l.evict(o)
	}
	l.remove(g)
	g.from = address
	l.add(g)
}

// Leave removes a guest that has logged on or disconnected.
func (g *Guest) Leave() {
	g.lobby.mu.Lock()
	defer g.lobby.mu.Unlock()
	g.lobby.remove(g)
}

// Turn waits until the guest's password may be checked. It allows one check for an address at a time, and few for all unnamed
// addresses together. So any number of wrong passwords delays a provider by at most one check. The caller calls done after
// the check. Error: ctx's.
func (g *Guest) Turn(ctx context.Context) (done func(), err error) {
	slots := g.slots()
	for i, slot := range slots {
		select {
		case slot <- struct{}{}:
		case <-ctx.Done():
			give(slots[:i])
			return nil, ctx.Err()
		}
	}
	return func() { give(slots) }, nil
}

func give(slots []chan struct{}) {
	for _, slot := range slots {
		<-slot
	}
}

func (g *Guest) slots() []chan struct{} {
	l := g.lobby
	l.mu.Lock()
	defer l.mu.Unlock()
	var slots []chan struct{}
	if o := l.origins[g.from]; o != nil {
		slots = append(slots, o.turn)
	}
	if l.reserved && !l.named(g.from) {
		slots = append(slots, l.unnamed)
	}
	return slots
}

// largest returns the origin with the most guests, among those that no rule names if there are any. Connections whose
// address is not known yet count as named.
func (l *Lobby) largest() *origin {
	var most *origin
	var mostNamed bool
	for address, o := range l.origins {
		named := !address.IsValid() || l.named(address)
		better := most == nil || (mostNamed && !named) || (mostNamed == named && o.guests.Len() > most.guests.Len())
		if better {
			most, mostNamed = o, named
		}
	}
	return most
}

// Count returns how many guests there are, and how many were closed to make room so far.
func (l *Lobby) Count() (guests, evicted int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.guests, l.evicted
}

func (l *Lobby) evict(o *origin) {
	g := o.guests.Front().Value.(*Guest)
	l.remove(g)
	l.evicted++
	_ = g.conn.Close()
}

func (l *Lobby) add(g *Guest) {
	o := l.origins[g.from]
	if o == nil {
		o = &origin{guests: list.New(), turn: make(chan struct{}, 1)}
		l.origins[g.from] = o
	}
	g.place = o.guests.PushBack(g)
	l.guests++
}

func (l *Lobby) remove(g *Guest) {
	if g.place == nil {
		return
	}
	o := l.origins[g.from]
	o.guests.Remove(g.place)
	g.place = nil
	l.guests--
	if o.guests.Len() == 0 {
		delete(l.origins, g.from)
	}
}
