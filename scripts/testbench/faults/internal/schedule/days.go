package schedule

import "time"

// host is the mainframe's simulator.
const host = "mainframe-simulator-1"

// days returns two steps of the bank's clock, to the evening and to the next morning. Every run has them: what was dealt some runs
// before becomes due.
func (d *dice) days() []Fault {
	at := d.between(Calm, d.window/2)
	return []Fault{{Kind: Day, Target: host, At: at}, {Kind: Day, Target: host, At: at + d.between(time.Second, d.window/2)}}
}

// mainframeDoesWrong has the mainframe do wrong while a day ends.
func mainframeDoesWrong(d *dice) []Fault {
	kind := one(d, []Kind{Die, Die, HangUp, Block, Poor})
	return []Fault{{Kind: kind, Target: host, At: d.between(Calm, d.window/3), For: d.lasting(time.Second)}}
}

// whileADayEnds harms one or two of those that work then.
func whileADayEnds(d *dice) []Fault {
	var all []Fault
	if d.pick(50, 50) == 1 {
		all = mainframeDoesWrong(d)
	}
	all = append(all, d.process(one(d, named("settlement", "mainframe", "linecheck", "trading", "api")), d.when()))
	if d.pick(50, 50) == 1 {
		all = append(all, d.process(one(d, append(named("settlement", "mainframe", "datasync"), "rabbitmq", "postgres")), d.when()))
	}
	return all
}
