package schedule

import "time"

// scenario is a combination of faults that is worth trying often. For a new kind of fault, add a scenario with a
// weight here, and an act in package harm.
type scenario struct {
	name   string
	weight int
	draw   func(d *dice) []Fault
}

func scenarios() []scenario {
	return []scenario{
		{"anyone", 10, anyone},
		{"two of one service", 8, twoOfOne},
		{"gateway and another", 14, gatewayAndAnother},
		{"gateway beyond its lease", 10, gatewayBeyondItsLease},
		{"broker and a service", 8, brokerAndService},
		{"gateway reached badly", 6, gatewayReachedBadly},
		{"sessions moved", 8, sessionsMoved},
		{"instance drained", 6, instanceDrained},
		{"one instance's database", 10, oneInstancesDatabase},
		{"one instance's broker", 8, oneInstancesBroker},
		{"one instance alone", 5, oneInstanceAlone},
		{"twice in a row", 6, twiceInARow},
		{"during recovery", 8, duringRecovery},
		{"a server", 8, aServer},
		{"a server's network", 6, aServersNetwork},
		{"the mainframe", 5, theMainframe},
		{"providers' lines", 6, providersLines},
		{"one after the other", 4, oneAfterTheOther},
		{"mainframe does wrong", 8, mainframeDoesWrong},
		{"while a day ends", 12, whileADayEnds},
		{"anything", 7, anything},
		{"everything", 3, everything},
	}
}

func (d *dice) scenario() scenario {
	all := scenarios()
	weights := make([]int, len(all))
	for i, s := range all {
		weights[i] = s.weight
	}
	return all[d.pick(weights...)]
}

func anyone(d *dice) []Fault { return []Fault{d.process(one(d, Processes()), d.when())} }

func twoOfOne(d *dice) []Fault {
	at := d.when()
	var all []Fault
	for _, id := range named(one(d, carriers())) {
		all = append(all, d.process(id, at+d.between(0, 300*time.Millisecond)))
	}
	return all
}

func gatewayAndAnother(d *dice) []Fault {
	at := d.when()
	return []Fault{d.process(one(d, named(gateways()...)), at), d.any(at + d.between(0, 1500*time.Millisecond))}
}

// gatewayBeyondItsLease freezes a gateway, or cuts it off from its database, for longer than its lease (1.2 s).
func gatewayBeyondItsLease(d *dice) []Fault {
	id, at := one(d, named(gateways()...)), d.between(Calm, d.window/3)
	f := Fault{Kind: Freeze, Target: id, At: at, For: d.lasting(1300 * time.Millisecond)}
	if d.pick(60, 40) == 1 {
		f.Kind, f.Target = one(d, []Kind{Hold, HoldOut, HoldIn, Hang, Deafen, Silence}), id+">"+postgres
	}
	return []Fault{f}
}

func brokerAndService(d *dice) []Fault {
	at := d.when()
	broker := d.process("rabbitmq", at)
	if d.pick(60, 40) == 1 {
		broker = d.link("*>"+amqp, at)
	}
	return []Fault{broker, d.process(one(d, named(ours()...)), at+d.between(0, time.Second))}
}

func oneInstancesDatabase(d *dice) []Fault {
	return []Fault{d.link(one(d, named(append(deciders(), gateways()...)...))+">"+postgres, d.when())}
}

func oneInstancesBroker(d *dice) []Fault {
	return []Fault{d.link(one(d, named(ours()...))+">"+amqp, d.when())}
}

func oneInstanceAlone(d *dice) []Fault {
	return []Fault{d.link(one(d, named(ours()...))+">*", d.when())}
}
