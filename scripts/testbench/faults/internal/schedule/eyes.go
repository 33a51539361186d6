package schedule

import "time"

// eyes is the name of the scenario that harms what on-call sees by.
const eyes = "on-call's eyes"

// eyes harms both replicas of a program that only watches, at once or one after the other, and in a full core a server of its own.
func (d *dice) eyes(full bool) []Fault {
	var all []Fault
	at := d.when()
	if full {
		all = append(all, d.fullServer(at))
	}
	if !full || d.pick(50, 50) == 1 {
		for _, id := range named(one(d, []string{"tracing", "tracing", "logging", "monitoring"})) {
			all = append(all, d.process(id, at+d.between(0, 2*time.Second)))
		}
	}
	return all
}

// fullServer harms the stores most.
func (d *dice) fullServer(at time.Duration) Fault {
	id := one(d, append(FullServers(), "cassandra", "cassandra", "cassandra", "elasticsearch", "elasticsearch"))
	if d.pick(60, 40) == 1 {
		return Fault{Kind: Away, Target: id, At: at, For: d.lasting(time.Second)}
	}
	return d.process(id, at)
}
