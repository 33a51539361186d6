package plan

import (
	"fmt"
	"slices"
	"time"
)

// MoveState is what became of a move. A later state replaces an earlier one and never the other way round, so that it does
// not matter in which order one hears of a move.
type MoveState string

// The states, in this order: a move that was given up may turn out to be done.
const (
	Requested MoveState = "requested"
	Failed    MoveState = "failed"
	Done      MoveState = "done"
)

// Move is one session's way from one instance to another.
type Move struct {
	ID          string
	Key         Key
	From, To    string
	Epoch       int64 // of the tenure that it ends
	Reason      string
	By          string // who commanded it
	State       MoveState
	Why         string // it failed
	Attempt     int
	Target      time.Time // when its target was started: another life of it is tried anew
	RequestedAt time.Time
	EndedAt     time.Time // done or failed
	LeftAt      time.Time // the old session was stopped
	TakenAt     time.Time // the new one is served
	LoggedOnAt  time.Time // the provider is back
}

// comesBack is how long after a move a logon is counted as its end. A provider that comes later was away by itself.
const comesBack = time.Minute

// Reasons of a move.
const (
	ByCommand  = "command"
	ByDrain    = "drain"
	ByFallback = "fall-back"
)

// Away is how long the provider was without a session: until it was logged on again, or could have been. Zero if that
// is not known.
func (m *Move) Away() time.Duration {
	back := m.LoggedOnAt
	if back.IsZero() {
		back = m.TakenAt
	}
	if m.LeftAt.IsZero() || back.Before(m.LeftAt) {
		return 0
	}
	return back.Sub(m.LeftAt)
}

// Taken is told that an instance has begun to serve a session.
func (s *State) Taken(k Key, instance string, epoch int64, at time.Time) {
	s.tell(Entry{At: at, Gateway: k.Gateway, Provider: k.Provider, Instance: instance, What: "taken", Epoch: epoch})
	s.heard(k, epoch)
	m := s.Moves[k]
	if m == nil {
		return
	}
	s.arrived(m, instance, epoch, at)
	if m.State == Done && m.To == instance && epoch > m.Epoch && at.Before(m.TakenAt) { // a report was read first, and had a later time
		m.TakenAt = at
		s.changed.move(m)
	}
}

// Left is told that an instance has stopped serving a session, when it began to, and why.
func (s *State) Left(k Key, instance string, epoch int64, at time.Time, cause string) {
	s.tell(Entry{At: at, Gateway: k.Gateway, Provider: k.Provider, Instance: instance, What: "left", Epoch: epoch, Text: cause})
	if m := s.Moves[k]; m != nil && m.From == instance && m.Epoch == epoch && m.LeftAt.IsZero() {
		m.LeftAt = at
		s.changed.move(m)
	}
	if cause == CauseLapsed || cause == CauseRefused {
		s.lost(k, instance, at)
	}
}

// Causes of the end of a session whose instance lives and wanted to keep it.
const (
	CauseLapsed  = "lapsed"
	CauseRefused = "refused"
)

// arrived ends a move when an instance has a newer tenure of the session. The move is done if that instance is its
// target, even if it had failed before. Otherwise it has failed.
func (s *State) arrived(m *Move, instance string, epoch int64, at time.Time) {
	if epoch <= m.Epoch || m.State == Done {
		return
	}
	if instance != m.To {
		s.fail(m, at, "taken by "+instance)
		return
	}
	m.State, m.Why, m.EndedAt = Done, "", at
	if m.TakenAt.IsZero() {
		m.TakenAt = at
	}
	s.changed.move(m)
	s.tell(m.entry(at, "move done", m.To))
}

func (s *State) fail(m *Move, at time.Time, why string) {
	if m.State != Requested {
		return
	}
	m.State, m.Why, m.EndedAt = Failed, why, at
	s.changed.move(m)
	e := m.entry(at, "move failed", m.To)
	e.Text = fmt.Sprintf("%s, attempt %d: %s", m.Reason, m.Attempt, why)
	s.tell(e)
}

func (m *Move) entry(at time.Time, what, instance string) Entry {
	return Entry{
		At: at, Gateway: m.Key.Gateway, Provider: m.Key.Provider, Instance: instance, What: what, Epoch: m.Epoch,
		Text: fmt.Sprintf("%s, from %s", m.Reason, m.From), By: m.By,
	}
}

// follow updates the last move of each session by the reports. It ends a move when somebody has the session, or when
// Rules.Bound has passed, and notes when the provider has logged on again.
func (s *State) follow(now time.Time, rules Rules) {
	for _, k := range s.moved() {
		m := s.Moves[k]
		holder, session := s.Holder(k, now, rules)
		if holder != nil {
			s.arrived(m, holder.Name, session.Epoch, now)
		}
		if now.Sub(m.RequestedAt) > rules.Bound {
			s.fail(m, now, "not taken in time")
		}
		if m.State == Done && m.LoggedOnAt.IsZero() && now.Sub(m.EndedAt) <= comesBack && holder != nil && holder.Name == m.To && session.LoggedOn {
			m.LoggedOnAt = session.Since
			s.changed.move(m)
		}
	}
}

func (s *State) moved() (keys []Key) {
	for k := range s.Moves {
		keys = append(keys, k)
	}
	sortKeys(keys)
	return keys
}

func sortKeys(keys []Key) { slices.SortFunc(keys, compareKeys) }
