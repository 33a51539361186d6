package harm

import (
	"context"
	"fmt"
	"time"

	"fxcore/scripts/testbench/faults/internal/link"
	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Link is the connection from one process to a server.
type Link interface {
	Set(t link.Trouble)
	Cut()
}

func cut(_ context.Context, h *Harm, d *Done) (func(), error) {
	return nil, h.links(d.Fault, Link.Cut)
}

// trouble sets the link's trouble until undo. The schedule has no other lasting fault on the same link at that time.
func trouble(_ context.Context, h *Harm, d *Done) (func(), error) {
	t := troubles()[d.Kind]
	if err := h.links(d.Fault, func(l Link) { l.Set(t) }); err != nil {
		return nil, err
	}
	return func() { _ = h.links(d.Fault, func(l Link) { l.Set(link.Trouble{}) }) }, nil
}

func troubles() map[schedule.Kind]link.Trouble {
	both := func(w link.Way) link.Trouble { return link.Trouble{Out: w, In: w} }
	held, lost := link.Way{Hold: true}, link.Way{Lose: true}
	return map[schedule.Kind]link.Trouble{
		schedule.Refuse:   {Refuse: true},
		schedule.Hold:     both(held),
		schedule.HoldOut:  {Out: held},
		schedule.HoldIn:   {In: held},
		schedule.Hang:     both(lost),
		schedule.Deafen:   {In: lost},
		schedule.Silence:  {Out: lost},
		schedule.Slow:     both(link.Way{Delay: 20 * time.Millisecond, Jitter: 30 * time.Millisecond}),
		schedule.VerySlow: both(link.Way{Delay: 200 * time.Millisecond, Jitter: 300 * time.Millisecond}),
		schedule.Narrow:   both(link.Way{PerSecond: 20_000}),
	}
}

func (h *Harm) links(f schedule.Fault, do func(Link)) error {
	for _, place := range f.Places() {
		l, there := h.core.Link(place)
		if !there {
			return fmt.Errorf("there is no link %s", place)
		}
		do(l)
	}
	return nil
}
