package schedule

import (
	"math/rand/v2"
	"time"

	"fxcore/services/contract"
)

// API is the kind of the stream that uses the HTTP interface.
const API = "api"

// dice makes all random choices of a run.
type dice struct {
	*rand.Rand
	window  time.Duration // of the run
	trading []Stream      // the streams that it has drawn
}

// pick returns a random index. The weights say how often each is returned.
func (d *dice) pick(weights ...int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	n := d.IntN(total)
	for i, w := range weights {
		if n < w {
			return i
		}
		n -= w
	}
	return len(weights) - 1
}

func one[T any](d *dice, of []T) T { return of[d.IntN(len(of))] }

// between returns a random duration from low to high.
func (d *dice) between(low, high time.Duration) time.Duration {
	return low + time.Duration(d.Int64N(int64(high-low)+1))
}

// when returns a random time at which a scenario may begin. It leaves enough time for the faults.
func (d *dice) when() time.Duration { return d.between(Calm, d.window*6/10) }

// lasting returns a random length of a fault, at most two thirds of the window.
func (d *dice) lasting(atLeast time.Duration) time.Duration { return d.between(atLeast, d.window*2/3) }

// process returns a random fault of a process. Most of them end it.
func (d *dice) process(id string, at time.Duration) Fault {
	switch d.pick(50, 30, 20) {
	case 0:
		return Fault{Kind: Kill, Target: id, At: at}
	case 1:
		return Fault{Kind: Freeze, Target: id, At: at, For: d.lasting(300 * time.Millisecond)}
	}
	return Fault{Kind: Restart, Target: id, At: at}
}

// link returns a random fault of a link.
func (d *dice) link(name string, at time.Duration) Fault {
	f := Fault{Kind: one(d, linkKinds()), Target: name, At: at}
	if f.Kind.Lasts() {
		f.For = d.lasting(200 * time.Millisecond)
	}
	return f
}

// any returns a random fault of any process or link.
func (d *dice) any(at time.Duration) Fault {
	if d.pick(60, 40) == 0 {
		return d.process(one(d, Processes()), at)
	}
	return d.link(one(d, append(coreLinks(), d.lines()...)), at)
}

// lines returns the links of the providers that trade.
func (d *dice) lines() []string {
	var all []string
	for _, s := range d.trading {
		all = append(all, s.Provider+">"+s.Kind)
	}
	return all
}

// streams draws four providers that make about a hundred requests a second together, three by FIX and one by the socket protocol, and
// a system that uses the HTTP interface.
func (d *dice) streams() []Stream {
	for _, door := range Doors() {
		ids, n := providers(door), 3
		if door == "socket" {
			n = 1
		}
		d.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		for _, id := range ids[:n] {
			d.trading = append(d.trading, Stream{Kind: door, Provider: id, PerSecond: 15 + d.IntN(21), Seed: d.Uint64()})
		}
	}
	return append(d.trading, Stream{Kind: API, Provider: contract.APIProvider, PerSecond: 10 + d.IntN(11), Seed: d.Uint64()})
}
