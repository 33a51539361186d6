// Package pace has the execution of due trades yield to line checks, for which providers wait.
//
// linecheck tells once a second how long line checks took. The calm is the least of that of the last ten minutes. While checks take longer than
// twice as much, execution rests longer and longer before each of its parts, up to a bound: it never stands still. Once they do not, the rests
// become shorter. The parts are smaller while there are line checks, because what a large one writes at once holds up the writes of others.
package pace

import (
	"context"
	"sync"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/services/contract"
	"fxcore/services/settlement/internal/messages"
)

const (
	silence = 3 * time.Second // after which nobody makes line checks
	block   = 10 * time.Second
	blocks  = 60 // of which the calmest counts

	slack    = 20 * time.Millisecond // beyond twice the calm: what other work of the machine costs now and then
	shortest = 50 * time.Millisecond
	longest  = 500 * time.Millisecond
	relieved = 10 * time.Millisecond // a rest that is shorter is none
)

// Pace is what one replica knows about line checks. Use New. It is safe for concurrent use.
type Pace struct {
	now func() time.Time

	mu    sync.Mutex
	last  time.Time // when something was told
	rest  time.Duration
	begun time.Time // of the block that is not over
	sum   time.Duration
	n     int
	means []time.Duration // of the last blocks
}

// New returns a pace that knows of no line checks. now is the machine's clock.
func New(now func() time.Time) *Pace { return &Pace{now: now} }

// Read is the [amqp.Reader] of the stream of what linecheck tells. It leaves out what cannot be read.
func (p *Pace) Read(_ context.Context, entries []amqp.Entry) error {
	for _, entry := range entries {
		for _, e := range entry.Events {
			var told messages.Timed
			if e.Type == contract.LineChecksTimed && e.Read(&told) == nil && told.Checks > 0 {
				p.Told(time.Duration(told.MeanMS * float64(time.Millisecond)))
			}
		}
	}
	return nil
}

// Told takes what line checks took on average in the last second.
func (p *Pace) Told(mean time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = p.now()
	p.keep(mean)
	if calm := p.calm(); mean > 2*calm+slack {
		p.rest = min(max(p.rest*3/2, shortest), longest)
	} else if p.rest = p.rest * 3 / 4; p.rest < relieved {
		p.rest = 0
	}
}

// keep adds a mean to its block.
func (p *Pace) keep(mean time.Duration) {
	if p.last.Sub(p.begun) >= block {
		if p.n > 0 {
			p.means = append(p.means, p.sum/time.Duration(p.n))
		}
		p.means = p.means[max(0, len(p.means)-blocks):]
		p.begun, p.sum, p.n = p.last, 0, 0
	}
	p.sum, p.n = p.sum+mean, p.n+1
}

// calm returns the least mean of the blocks; that of the first one while it is the only one.
func (p *Pace) calm() time.Duration {
	if len(p.means) == 0 {
		return p.sum / time.Duration(p.n)
	}
	least := p.means[0]
	for _, mean := range p.means[1:] {
		least = min(least, mean)
	}
	return least
}

// Rest returns how long execution rests before its next part.
func (p *Pace) Rest() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now().Sub(p.last) > silence {
		return 0
	}
	return p.rest
}

// Part returns how many legs a part of execution takes, of so many that it takes where there are no line checks.
func (p *Pace) Part(most int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now().Sub(p.last) > silence {
		return most
	}
	return max(1, most/smaller)
}

// smaller is the part of a part that is taken while there are line checks.
const smaller = 4
