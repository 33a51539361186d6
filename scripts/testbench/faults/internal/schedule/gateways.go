package schedule

import "time"

// gatewayReachedBadly: HAProxy does not hear an instance, or cannot hand it connections, while it serves.
func gatewayReachedBadly(d *dice) []Fault {
	id := one(d, named(gateways()...))
	return []Fault{d.link("haproxy>"+one(d, []string{id, id + "-health", id + "-health", "*"}), d.when())}
}

// sessionsMoved: by on-call, in good order, one or several at once, and perhaps something else meanwhile.
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

// instanceDrained: as before an update of it, and perhaps something befalls the one that takes its sessions.
func instanceDrained(d *dice) []Fault {
	ids, at := named(one(d, gateways())), d.when()
	d.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	all := []Fault{{Kind: Drain, Target: ids[0], At: at}}
	if d.pick(40, 60) == 1 {
		all = append(all, d.process(ids[1], at+d.between(0, 1500*time.Millisecond)))
	}
	return all
}
