package front

import (
	"container/list"
	"context"
	"net"
	"net/netip"
	"slices"
	"sync"
)

// lobby holds the connections that are not logged on. When it is full, whoever has waited longest gives way among those of
// the address that has most here: a crowd pushes out its own, and a provider that comes alone is never the one to go.
// An address that some provider names as its own gives way last.
type lobby struct {
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
	guests *list.List    // of *guest, in the order of arrival
	turn   chan struct{} // a token while a password from here is checked
}

type guest struct {
	lobby *lobby
	conn  net.Conn
	from  netip.Addr
	place *list.Element // nil once it has left
}

// unnamedChecks is how many passwords from addresses that no provider names are checked at once where some do name
// theirs: the rest is for those.
const unnamedChecks = 1

func newLobby(maximum, maxEach int, named []netip.Prefix) *lobby {
	l := &lobby{
		max: maximum, maxEach: maxEach, origins: map[netip.Addr]*origin{}, unnamed: make(chan struct{}, unnamedChecks),
	}
	l.know(named)
	return l
}

// know replaces the addresses that providers name.
func (l *lobby) know(named []netip.Prefix) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reserved = len(named) > 0
	l.named = func(a netip.Addr) bool {
		return slices.ContainsFunc(named, func(p netip.Prefix) bool { return p.Contains(a) })
	}
}

// enter adds a connection.
func (l *lobby) enter(conn net.Conn) *guest {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.guests >= l.max {
		l.evict(l.largest())
	}
	g := &guest{lobby: l, conn: conn}
	l.add(g)
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
	if o := l.origins[address]; o != nil && o.guests.Len() >= l.maxEach {
		l.evict(o)
	}
	l.remove(g)
	g.from = address
	l.add(g)
}

// leave removes a guest that has logged on or gone.
func (g *guest) leave() {
	g.lobby.mu.Lock()
	defer g.lobby.mu.Unlock()
	g.lobby.remove(g)
}

// turn waits until the guest's password may be checked: one of an address at a time, and of addresses that no provider
// names few, so that wrong passwords in any number delay a provider's by one. done is to be called after the check.
// Error: ctx's.
func (g *guest) turn(ctx context.Context) (done func(), err error) {
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

func (g *guest) slots() []chan struct{} {
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
func (l *lobby) largest() *origin {
	var most *origin
	var mostNamed bool
	for address, o := range l.origins {
		named := l.named(address)
		better := most == nil || (mostNamed && !named) || (mostNamed == named && o.guests.Len() > most.guests.Len())
		if better {
			most, mostNamed = o, named
		}
	}
	return most
}

// count is how many guests there are, and how many had to give way so far.
func (l *lobby) count() (guests, evicted int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.guests, l.evicted
}

func (l *lobby) evict(o *origin) {
	g := o.guests.Front().Value.(*guest)
	l.remove(g)
	l.evicted++
	_ = g.conn.Close()
}

func (l *lobby) add(g *guest) {
	o := l.origins[g.from]
	if o == nil {
		o = &origin{guests: list.New(), turn: make(chan struct{}, 1)}
		l.origins[g.from] = o
	}
	g.place = o.guests.PushBack(g)
	l.guests++
}

func (l *lobby) remove(g *guest) {
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
