package schedule

import "time"

// gatewayReachedBadly disturbs HAProxy's link to an instance that still serves: its checks, or its connections.
func gatewayReachedBadly(d *dice) []Fault {
	id := one(d, named(gateways()...))
	return []Fault{d.link("haproxy>"+one(d, []string{id, id + "-health", id + "-health", "*"}), d.when())}
}

// sessionsMoved moves one to three sessions by on-call's command, and may add another fault at the same time.
func sessionsMoved(d *dice) []Fault {
	var all []Fault
	at := d.when()
	for range 1 + d.IntN(3) {
		all = append(all, Fault{Kind: Move, Target: one(d, d.lines()), At: at + d.between(0, time.Second)})
	}
	if d.pick(40, 60) == 1 {
		all = append(all, d.any(at+d.between(0, time.Second)))
	}
	return all
}

// instanceDrained drains an instance, as on-call does before an update. It may add a fault of the instance that takes
// over the sessions.
func instanceDrained(d *dice) []Fault {
	ids, at := named(one(d, gateways())), d.when()
	d.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	all := []Fault{{Kind: Drain, Target: ids[0], At: at}}
	if d.pick(40, 60) == 1 {
		all = append(all, d.process(ids[1], at+d.between(0, 1500*time.Millisecond)))
	}
	return all
}
