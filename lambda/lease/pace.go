package lease

import (
	"context"
	"sync"
	"time"
)

// Pace is how long this process's leases last at present, and why.
type Pace struct {
	Length time.Duration // of a lease that is taken or renewed now
	Late   time.Duration // how late this process runs; see pace
	Lapses int64         // since the start: leases that ended although the process lived and wanted them
	Slow   bool          // Length is at least twice the shortest
}

// Pace returns the present pace.
func (k *Keeper) Pace() Pace {
	now := k.now()
	p := Pace{Length: k.pace.length(now), Late: k.pace.lateness(now), Lapses: k.lapses.Load()}
	p.Slow = p.Length >= slowFrom*k.cfg.Length
	return p
}

// pace says how long a lease must last so that this process can keep it. A machine without processor time wakes a process late, and
// answers it late. The process measures both, and a lease lasts a multiple of that, within bounds.
//
// What counts is the second highest measure of the last minute, at most one a second: a single pause, of a process that was stopped or
// of a machine that was moved, says nothing about the next minute. Where several lapses show that the measure is too small, for example because
// only the database is slow, a lease lasts twice as long with each further lapse of the last minute.
type pace struct {
	shortest, longest time.Duration

	mu      sync.Mutex
	seconds [paceWindow]measured // a ring
}

// measured is what was seen within one second.
type measured struct {
	second int64 // since the start of the process
	late   time.Duration
	lapsed bool
}

const (
	paceWindow = 60 // seconds

	// multiple of the lateness. A renewal needs Renew, one late wake and one late answer, in two thirds of the length: three times the lateness and
	// a little more. Six times leaves room for one that is worse than those before.
	multiple = 6

	wakeEvery = 50 * time.Millisecond // between two measures
	slowFrom  = 2                     // times the shortest length: from here on the process is called slow
)

func newPace(cfg Config) *pace {
	return &pace{shortest: cfg.Length, longest: max(cfg.Length, cfg.Longest)}
}

// late notes that the process ran late at a time.
func (p *pace) late(now, late time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m := p.at(now)
	m.late = max(m.late, late)
}

// lapsed notes that leases have lapsed.
func (p *pace) lapsed(now time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at(now).lapsed = true
}

// at returns the measures of the present second. The caller holds mu.
func (p *pace) at(now time.Duration) *measured {
	second := int64(now / time.Second)
	m := &p.seconds[second%paceWindow]
	if m.second != second {
		*m = measured{second: second}
	}
	return m
}

// lateness returns the second highest lateness of the last minute.
func (p *pace) lateness(now time.Duration) time.Duration {
	late, _ := p.recent(now)
	return late
}

// length returns how long a lease is to last that is taken or renewed now.
func (p *pace) length(now time.Duration) time.Duration {
	late, lapses := p.recent(now)
	doubled := p.shortest
	for range lapses - 1 {
		doubled = min(2*doubled, p.longest)
	}
	return min(max(p.shortest, doubled, multiple*late), p.longest)
}

// recent returns the second highest lateness and the number of lapses within the last minute.
func (p *pace) recent(now time.Duration) (late time.Duration, lapses int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	oldest := int64(now/time.Second) - paceWindow
	var highest time.Duration
	for _, m := range p.seconds {
		if m.second <= oldest {
			continue
		}
		late = max(late, min(highest, m.late))
		highest = max(highest, m.late)
		if m.lapsed {
			lapses++
		}
	}
	return late, lapses
}

// measure measures how late timers wake this process, and says when its leases begin and cease to last long.
func (k *Keeper) measure(ctx context.Context) {
	timer := time.NewTimer(wakeEvery)
	defer timer.Stop()
	slow := false
	for {
		due := k.now() + wakeEvery
		timer.Reset(wakeEvery)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		now := k.now()
		k.pace.late(now, now-due)
		if p := k.Pace(); p.Slow != slow {
			slow = p.Slow
			k.say(p)
		}
	}
}

func (k *Keeper) say(p Pace) {
	if p.Slow {
		k.log.Warn("this process runs late, its leases last longer", "late", p.Late.Round(time.Millisecond).String(), "length", p.Length.Round(time.Millisecond).String(), "lapses", p.Lapses)
		return
	}
	k.log.Info("this process runs in time again", "length", p.Length.String())
}
