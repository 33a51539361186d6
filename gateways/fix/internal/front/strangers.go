package front

import (
	"strings"
	"time"

	"fxcore/gateways/fix/internal/wire"
)

// Strangers tells how many connections are not logged on, and how many had to give way to others since the start.
func (f *Front) Strangers() (waiting, turnedAway int) { return f.lobby.count() }

// noteStranger logs why a connection came to nothing, but never so often that strangers can fill the log.
func (f *Front) noteStranger(v *visitor, why error) {
	f.noiseMu.Lock()
	loud := f.noise.allow(time.Now())
	f.noiseMu.Unlock()
	if loud {
		f.log.Info("connection refused", "client.ip", v.address.String(), "event.reason", wire.Masked(why.Error()))
	}
}

// printable bounds what a stranger can put into the log.
func printable(text string) string {
	const most = 64
	return strings.ToValidUTF8(text[:min(len(text), most)], "?")
}

func tell(count func(int), n int) {
	if count != nil {
		count(n)
	}
}
