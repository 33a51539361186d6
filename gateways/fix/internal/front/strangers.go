package front

import "fxcore/gateways/fix/internal/wire"

// Strangers tells how many connections are not logged on, and how many had to give way to others since the start.
func (f *Front) Strangers() (waiting, turnedAway int) { return f.lobby.Count() }

// noteStranger logs why a connection came to nothing.
func (f *Front) noteStranger(v *visitor, why error) {
	f.noise.Note(v.address, wire.Masked(why.Error()))
}

func tell(count func(int), n int) {
	if count != nil {
		count(n)
	}
}
