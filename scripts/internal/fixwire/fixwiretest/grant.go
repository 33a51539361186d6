package fixwiretest

import (
	"time"

	"fxcore/scripts/internal/fixwire"
)

// Config is how a provider connects to the acceptor, over FIX 4.4.
func (a *Acceptor) Config(provider string) fixwire.Config {
	return fixwire.Config{Address: a.Addr, Begin: fixwire.FIX44, Sender: provider, Target: "FXCORE", Heartbeat: 30 * time.Second}
}

// Grant answers as the core does if everything is in order: an order is pending, then filled; a report is accepted; a line
// check is approved.
func Grant(p *Peer, m *fixwire.Message) {
	switch m.Kind {
	case "D", "AB":
		execution := func(execType string) *fixwire.Body {
			id := m.Text(11)
			return fixwire.NewBody("8").Text(37, "T"+id).Text(11, id).Text(17, "E"+execType+id).Text(150, execType)
		}
		p.Send(execution("A"))
		p.Send(execution("F"))
	case "AE":
		p.Send(fixwire.NewBody("AR").Text(571, m.Text(571)).Text(1003, "T"+m.Text(571)).Text(939, "0"))
	case "UDF":
		p.Send(fixwire.NewBody("UDG").Text(2318, m.Text(2318)).Text(2319, "L"+m.Text(2318)).Text(2325, "0"))
	}
}
