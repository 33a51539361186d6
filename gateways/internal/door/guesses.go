package door

import (
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Bounds of guessing. A login that comes too soon after failed ones is answered like a failed one, and its password is not looked at.
const (
	freeEach    = 5                // failed logins of one name from one address, before the back-off begins
	freeInAll   = 20               // the same, of an address with any names, and of a name from any addresses
	firstPause  = time.Second      // the back-off; it doubles with each further failure
	longest     = 30 * time.Second // of a back-off
	forgotten   = 15 * time.Minute // after the last failure
	alarmLength = 5 * time.Minute  // after the last failure
	maxTallies  = 10_000           // of each kind
)

// ErrTooSoon means that a password is not looked at, because too many before it were wrong.
var ErrTooSoon = errors.New("too many wrong logins: nothing is checked for a while")

// Guesses bounds how fast passwords can be guessed. It counts failed logins of each address, of each name, and of each name from
// each address. It counts names that do not exist in the same way, so nobody learns from it which names exist.
//
// Guesses from elsewhere lock nobody out: the count of a name holds back only an address from which this name has failed before.
type Guesses struct {
	log *slog.Logger
	now func() time.Time

	mu        sync.Mutex
	pairs     tallies // name from address
	addresses tallies
	names     tallies
	unchecked int
}

// tallies has failed logins by what they had in common.
type tallies map[string]*tally

type tally struct {
	failed int
	last   time.Time
	until  time.Time // when the back-off ends
}

// NewGuesses returns a Guesses that has not counted anything.
func NewGuesses(log *slog.Logger) *Guesses {
	return &Guesses{log: log, now: time.Now, pairs: tallies{}, addresses: tallies{}, names: tallies{}}
}

// Check returns ErrTooSoon if the password of a login with this name, from this address, must not be looked at now.
func (g *Guesses) Check(from netip.Addr, name string) error {
	address := network(from)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	held := g.addresses.holds(address, now)
	if pair := g.pairs.at(pairOf(address, name), now); pair.failed > 0 {
		held = held || now.Before(pair.until) || g.names.holds(name, now)
	}
	if !held {
		return nil
	}
	g.unchecked++
	return ErrTooSoon
}

// Failed counts a failed login.
func (g *Guesses) Failed(from netip.Addr, name string) {
	address := network(from)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	g.pairs.add(pairOf(address, name), freeEach, now)
	if n := g.addresses.add(address, freeInAll, now); loud(n) {
		g.log.Warn("passwords are guessed from an address", "client.ip", from.String(), "failed", n)
	}
	if n := g.names.add(name, freeInAll, now); loud(n) {
		g.log.Warn("the password of a name is guessed", "user.name", Printable(name), "client.ip", from.String(), "failed", n)
	}
}

// Succeeded forgets the failures of this name from this address.
func (g *Guesses) Succeeded(from netip.Addr, name string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.pairs, pairOf(network(from), name))
}

// Unchecked returns how many logins were refused without a look at their passwords.
func (g *Guesses) Unchecked() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.unchecked
}

// Alarm returns nil, or what is guessed at present.
func (g *Guesses) Alarm() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	var guessed []string
	for what, all := range map[string]tallies{"names": g.names, "addresses": g.addresses} {
		n, failed := 0, 0
		for _, one := range all {
			if one.failed >= freeInAll && g.now().Sub(one.last) < alarmLength {
				n, failed = n+1, failed+one.failed
			}
		}
		if n > 0 {
			guessed = append(guessed, fmt.Sprintf("%d %s with %d wrong logins", n, what, failed))
		}
	}
	if guessed == nil {
		return nil
	}
	return errors.New("passwords are guessed: " + strings.Join(guessed, ", "))
}

// loud reports whether the log says that there are n failures: at the bound, and each time that they have doubled since.
func loud(n int) bool {
	for said := freeInAll; said <= n; said *= 2 {
		if said == n {
			return true
		}
	}
	return false
}

func (t tallies) at(key string, now time.Time) tally {
	one := t[key]
	if one == nil || now.Sub(one.last) > forgotten {
		return tally{}
	}
	return *one
}

func (t tallies) holds(key string, now time.Time) bool { return now.Before(t.at(key, now).until) }

// add counts a failure and returns how many there are.
func (t tallies) add(key string, free int, now time.Time) int {
	one := t.at(key, now)
	one.failed, one.last = one.failed+1, now
	if beyond := one.failed - free; beyond >= 0 {
		one.until = now.Add(min(longest, firstPause<<min(beyond, 10)))
	}
	if _, known := t[key]; !known && len(t) >= maxTallies {
		t.makeRoom(now)
	}
	t[key] = &one
	return one.failed
}

// makeRoom drops what is forgotten, or else the oldest.
func (t tallies) makeRoom(now time.Time) {
	oldest, since := "", now
	for key, one := range t {
		if now.Sub(one.last) > forgotten {
			delete(t, key)
		} else if !one.last.After(since) {
			oldest, since = key, one.last
		}
	}
	if len(t) >= maxTallies {
		delete(t, oldest)
	}
}

// network returns the network of an address that one sender can have for itself: 64 bits of IPv6.
func network(from netip.Addr) string {
	if from.Is6() {
		if p, err := from.Prefix(64); err == nil {
			return p.String()
		}
	}
	return from.String()
}

func pairOf(address, name string) string { return address + " " + name }
