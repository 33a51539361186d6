package schedule

import "time"

// Loops is how many busy loops a starved machine has.
const Loops = 10

// The targets of Starve: how the loops share the processors with the core.
const (
	Together  = "ten busy loops" // they are one group of processes
	EachApart = "ten busy loops apart"
)

// starved is the name of the scenario in which a machine has no processor time.
const starved = "a starved machine"

// starvation takes the processors away for a while, and may move or kill something meanwhile.
func (d *dice) starvation() []Fault {
	all := []Fault{{Kind: Starve, Target: one(d, []string{Together, Together, EachApart}), At: d.when(), For: d.lasting(2 * time.Second)}}
	if d.pick(60, 40) == 1 {
		all = append(all, Fault{Kind: Kill, Target: one(d, named(gateways()...)), At: all[0].At + d.between(0, all[0].For)})
	}
	return all
}
