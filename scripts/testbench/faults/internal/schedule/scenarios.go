package schedule

import "time"

func twiceInARow(d *dice) []Fault {
	id, at := one(d, Processes()), d.when()
	return []Fault{{Kind: Kill, Target: id, At: at}, {Kind: Kill, Target: id, At: at + d.between(200*time.Millisecond, 2*time.Second)}}
}

// duringRecovery harms a server, and kills one or two programs while they find the server again.
func duringRecovery(d *dice) []Fault {
	at := d.between(Calm, d.window/3)
	all := []Fault{d.process(one(d, []string{"rabbitmq", "postgres", "redis", "mainframe-simulator-1"}), at)}
	for range 1 + d.IntN(2) {
		all = append(all, Fault{Kind: Kill, Target: one(d, named(ours()...)), At: at + d.between(300*time.Millisecond, 3*time.Second)})
	}
	return all
}

func aServer(d *dice) []Fault {
	return []Fault{d.process(one(d, []string{"postgres", "postgres", "rabbitmq", "redis", "epmd"}), d.when())}
}

func aServersNetwork(d *dice) []Fault {
	return []Fault{d.link("*>"+one(d, []string{amqp, postgres, postgres, redis}), d.when())}
}

func theMainframe(d *dice) []Fault {
	if d.pick(50, 50) == 0 {
		return []Fault{d.process("mainframe-simulator-1", d.when())}
	}
	return []Fault{d.link(one(d, []string{"*", "mainframe-1", "mainframe-2"})+">"+mainframe, d.when())}
}

func providersLines(d *dice) []Fault {
	all := []Fault{d.link(one(d, append(d.lines(), "*>fix", "*>socket")), d.when())}
	for range d.IntN(3) {
		all = append(all, d.link(one(d, d.lines()), d.when()))
	}
	return all
}

// oneAfterTheOther is a rolling restart that is too fast, of one service or of all.
func oneAfterTheOther(d *dice) []Fault {
	ids := named(one(d, ours()))
	if d.pick(50, 50) == 1 {
		ids = named(ours()...)
	}
	at, pause := Calm, d.between(100*time.Millisecond, 400*time.Millisecond)
	var all []Fault
	for i, id := range ids {
		all = append(all, Fault{Kind: Restart, Target: id, At: at + time.Duration(i)*pause})
	}
	return all
}

func anything(d *dice) []Fault {
	var all []Fault
	for range 4 + d.IntN(4) {
		all = append(all, d.any(d.between(Calm, d.window-shortest)))
	}
	return all
}

// everything hits all our programs at the same time, with or without the servers.
func everything(d *dice) []Fault {
	ids := named(ours()...)
	if d.pick(50, 50) == 1 {
		ids = Processes()
	}
	at := d.when()
	kind := one(d, []Kind{Kill, Kill, Freeze, Restart})
	lasts := time.Duration(0)
	if kind.Lasts() {
		lasts = d.lasting(time.Second)
	}
	var all []Fault
	for _, id := range ids {
		all = append(all, Fault{Kind: kind, Target: id, At: at, For: lasts})
	}
	return all
}
