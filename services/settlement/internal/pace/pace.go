// Package pace has the execution of due trades yield to line checks, for which providers wait.
//
// linecheck tells once a second how long line checks took. While there are some, execution takes so many legs a second, in small parts that are
// spaced evenly: what a large part writes at once holds up the writes of others, and whatever follows a part comes as evenly as the parts. The
// rate falls while checks take longer than twice the calm, and rises otherwise. The calm is what they took in the calmest block of the last ten minutes.
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

	slack = 20 * time.Millisecond // beyond twice the calm: what other work of the machine costs now and then

	gap = 100 * time.Millisecond // from the beginning of a part to that of the next one
)

// The rates of execution beside line checks, in legs a second, and by what the rate falls and rises each time that linecheck tells.
const (
	slowest = 1_100.0 // it never stands still: 100,000 legs take less than 100 s
	first   = 2_000.0
	fastest = 10_000.0
	slower  = 0.9
	faster  = 1.05
)

// Pace is what one replica knows about line checks. Use New. It is safe for concurrent use.
type Pace struct {
	now func() time.Time

	mu    sync.Mutex
	last  time.Time // when something was told
	rate  float64   // legs a second
	next  time.Time // when the next part may begin; in the past: execution does nothing
	begun time.Time // of the block that is not over
	sum   time.Duration
	n     int
	means []time.Duration // of what was told in each of the last blocks
}

// New returns a pace that knows of no line checks. now is the machine's clock.
func New(now func() time.Time) *Pace { return &Pace{now: now, rate: first} }

// Read is the [amqp.Reader] of the stream of what linecheck tells. It leaves out what cannot be read.
func (p *Pace) Read(_ context.Context, entries []amqp.Entry) error {
	for _, entry := range entries {
		for _, e := range entry.Events {
			var told messages.Timed
			if e.Type == contract.LineChecksTimed && e.Read(&told) == nil && told.Checks > 0 {
				p.Told(told.Slow())
			}
		}
	}
	return nil
}

// Told takes how long the slow ones of the line checks of the last second took.
func (p *Pace) Told(took time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = p.now()
	p.keep(took)
	switch {
	case p.last.Sub(p.next) > silence:
		p.rate = first // what checks take says nothing about a rate that was not used
	case took > 2*p.calm()+slack:
		p.rate = max(slowest, p.rate*slower)
	default:
		p.rate = min(fastest, p.rate*faster)
	}
}

// keep adds what was told to its block.
func (p *Pace) keep(took time.Duration) {
	if p.last.Sub(p.begun) >= block {
		if p.n > 0 {
			p.means = append(p.means, p.sum/time.Duration(p.n))
		}
		p.means = p.means[max(0, len(p.means)-blocks):]
		p.begun, p.sum, p.n = p.last, 0, 0
	}
	p.sum, p.n = p.sum+took, p.n+1
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

// Rest returns how long execution rests before its next part. Each call counts as a part that begins after that rest.
func (p *Pace) Rest() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.last) > silence {
		return 0
	}
	begins := p.next
	if begins.Before(now) {
		begins = now
	}
	p.next = begins.Add(gap)
	return begins.Sub(now)
}

// Part returns how many legs a part of execution takes, of so many that it takes where there are no line checks.
func (p *Pace) Part(most int) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.now().Sub(p.last) > silence {
		return most
	}
	return max(1, min(most, int(p.rate*gap.Seconds())))
}
