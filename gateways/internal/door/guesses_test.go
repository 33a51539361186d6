package door

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func guesses() *Guesses { return NewGuesses(slog.New(slog.DiscardHandler)) }

var (
	attacker = netip.MustParseAddr("203.0.113.5")
	victim   = netip.MustParseAddr("192.0.2.9")
)

// One address that guesses all the time has a few passwords looked at, and then one each half minute.
func TestGuessingIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, checked := guesses(), 0
		for range 60 * 60 { // one a second for an hour
			if g.Check(attacker, "VICTIM") == nil {
				checked++
				g.Failed(attacker, "VICTIM")
			}
			time.Sleep(time.Second)
		}
		if checked < 100 || checked > 140 {
			t.Errorf("%d passwords were looked at in an hour", checked)
		}
		if g.Unchecked() != 3600-checked {
			t.Errorf("%d were counted as not looked at", g.Unchecked())
		}
	})
}

// Names by turns do not help: the address has a bound of its own.
func TestGuessingByTurnsIsSlow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, checked := guesses(), 0
		for i := range 10_000 {
			name := strings.Repeat("x", 1+i%60)
			if g.Check(attacker, name) == nil {
				checked++
				g.Failed(attacker, name)
			}
		}
		if checked != freeInAll {
			t.Errorf("%d passwords were looked at in no time", checked)
		}
	})
}

// Whoever guesses another one's password does not lock it out: not from one address, and not from many.
func TestAVictimIsNotLockedOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guesses()
		from := attacker
		for range 1_000 {
			for range freeEach {
				g.Failed(from, "VICTIM")
			}
			from = from.Next()
		}
		if err := g.Check(victim, "VICTIM"); err != nil {
			t.Error(err)
		}
		if err := g.Check(attacker, "VICTIM"); err == nil {
			t.Error("the attacker is not held back")
		}
	})
}

// Many addresses together are held back once each has failed: the name has a bound of its own.
func TestManyAddressesAreHeldBackByTheName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guesses()
		var from [100]netip.Addr
		from[0] = attacker
		for i := range from {
			if i > 0 {
				from[i] = from[i-1].Next()
			}
			g.Failed(from[i], "VICTIM")
		}
		for _, one := range from {
			if g.Check(one, "VICTIM") == nil {
				t.Fatalf("%s may guess again at once", one)
			}
		}
		time.Sleep(longest)
		if err := g.Check(attacker, "VICTIM"); err != nil {
			t.Error(err)
		}
	})
}

// One who guesses from a network of IPv6 has more addresses than could be counted: the network counts.
func TestANetworkOfIPv6IsOneAddress(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, from := guesses(), netip.MustParseAddr("2001:db8::1")
		for range freeInAll {
			g.Failed(from, "VICTIM")
			from = from.Next()
		}
		if g.Check(from, "OTHER") == nil {
			t.Error("the next address is not held back")
		}
	})
}

// A provider with a wrong password gets in half a minute after it has been put right, at the latest, however often it tries.
func TestWhoHasPutItRightGetsIn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guesses()
		for range 600 {
			if g.Check(victim, "VICTIM") == nil {
				g.Failed(victim, "VICTIM")
			}
			time.Sleep(time.Second)
		}
		waited := time.Duration(0)
		for ; g.Check(victim, "VICTIM") != nil; waited += time.Second {
			time.Sleep(time.Second)
		}
		if waited > longest {
			t.Errorf("it waited %s", waited)
		}
		g.Succeeded(victim, "VICTIM")
		if err := g.Check(victim, "VICTIM"); err != nil {
			t.Errorf("after its logon: %v", err)
		}
	})
}

// The alarm is on while passwords are guessed, and some minutes longer.
func TestTheAlarmTells(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := guesses()
		for i := range freeInAll {
			if i > 0 && g.Alarm() != nil {
				t.Fatalf("after %d failures: %v", i, g.Alarm())
			}
			g.Failed(attacker, "VICTIM\x1b[2J")
		}
		if err := g.Alarm(); err == nil || !strings.Contains(err.Error(), "1 names with 20 wrong logins") {
			t.Errorf("the alarm says %v", err)
		}
		time.Sleep(alarmLength + time.Second)
		if err := g.Alarm(); err != nil {
			t.Error(err)
		}
	})
}

// What strangers make us remember is bounded.
func TestTalliesAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g, from := guesses(), netip.MustParseAddr("10.0.0.0")
		for range maxTallies + 100 {
			g.Failed(from, from.String())
			from = from.Next()
		}
		for _, all := range []tallies{g.pairs, g.addresses, g.names} {
			if len(all) > maxTallies {
				t.Errorf("%d are remembered", len(all))
			}
		}
	})
}
