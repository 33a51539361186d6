package door

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// Lobby holds the connections that are not logged on. When it is full, whoever has waited longest gives way among those of
// the address that has most here: a crowd pushes out its own, and a provider that comes alone is never the one to go.
// An address that some provider names as its own gives way last.
type Lobby struct {
	mu       sync.Mutex
	max      int
	maxEach  int
	named    func(netip.Addr) bool // whether a provider names the address
	guests   int
	evicted  int
	origins  map[netip.Addr]*origin // the zero address: not known yet, behind a proxy
	unnamed  chan struct{}          // a token for each password of an unnamed address that is checked now
	reserved bool                   // whether there are named addresses, so that unnamed ones must leave room
}

// origin is an address with guests.
type origin struct {
	guests *list.List    // of *Guest, in the order of arrival
	turn   chan struct{} // a token while a password from here is checked
}

// Guest is a connection in the lobby.
type Guest struct {
	lobby *Lobby
	conn  net.Conn
	from  netip.Addr
	place *list.Element // nil once it has left
}

// unnamedChecks is how many passwords from addresses that no provider names are checked at once where some do name
// theirs: the rest is for those.
const unnamedChecks = 1

// NewLobby returns an empty lobby for so many guests, and so many of one address. named are the networks that providers name as
// theirs.
func NewLobby(maximum, maxEach int, named []netip.Prefix) *Lobby {
	l := &Lobby{
		max: maximum, maxEach: maxEach, origins: map[netip.Addr]*origin{}, unnamed: make(chan struct{}, unnamedChecks),
	}
	l.Know(named)
	return l
}

// Know replaces the addresses that providers name.
func (l *Lobby) Know(named []netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved = len(named) > 0
	l.named = func(a netip.Addr) bool {
		return slices.ContainsFunc(named, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// Enter adds a connection that comes from an address, which is not valid as long as nobody knows it, see ComesFrom. Those
// whose address is not known are about to say it, so they do not make room for others.
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

// ComesFrom notes a guest's address.
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

// Leave removes a guest that has logged on or gone.
func (g *Guest) Leave() {
	g.lobby.mu.Lock()
	defer g.lobby.mu.Unlock()
	g.lobby.remove(g)
}

// Turn waits until the guest's password may be checked: one of an address at a time, and of addresses that no provider
// names few, so that wrong passwords in any number delay a provider's by one. done is to be called after the check.
// Error: ctx's.
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

// largest is the origin with most guests, of those that no provider names if there is one.
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

// Count is how many guests there are, and how many had to give way so far.
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
