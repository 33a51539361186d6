package plan

import "time"

// Next brings homes and moves up to date and returns the moves that are to be requested now; id makes a move's name from
// its session. Called again at the same time it returns nothing more: what it requested is under way.
func (s *State) Next(now time.Time, rules Rules, id func(Key) string) (requested []*Move) {
	s.follow(now, rules)
	s.settleHomes(now, rules)
	for _, k := range s.keys(now, rules) {
		s.settleWishes(k, now, rules)
		m := s.wanted(k, now, rules)
		if m == nil || s.underWay(k.Gateway) >= rules.AtOnce {
			continue
		}
		m.ID = id(k)
		s.Moves[k] = m
		s.changed.move(m)
		s.tell(m.entry(now, "move requested", m.To))
		requested = append(requested, m)
	}
	return requested
}

// settleWishes ends what a command has asked for once it is fulfilled, or cannot be.
func (s *State) settleWishes(k Key, now time.Time, rules Rules) {
	h := s.at(k)
	if h.Stay != "" && (!s.Instances[h.Stay].Alive(now, rules) || s.Instances[h.Stay].Draining || s.exhausted(k, h.Stay, rules)) {
		h.Stay = ""
		s.changed.home(k)
	}
	holder, _ := s.Holder(k, now, rules)
	if h.Return && holder != nil && (holder.Name == h.Instance || s.exhausted(k, h.Instance, rules)) {
		h.Return = false
		s.changed.home(k)
	}
}

// wanted is the move that a session needs now; nil if it needs none, or none is allowed now.
func (s *State) wanted(k Key, now time.Time, rules Rules) *Move {
	holder, session := s.Holder(k, now, rules)
	if holder == nil || session.Epoch < s.at(k).Epoch {
		return nil // somebody has it, and has not reported yet
	}
	to, reason := s.place(k, holder, now, rules)
	if to == nil || to == holder {
		return nil
	}
	attempt, allowed := s.attempt(k, to, now, rules)
	if !allowed {
		return nil
	}
	return &Move{
		Key: k, From: holder.Name, To: to.Name, Epoch: session.Epoch, Reason: reason, State: Requested,
		Attempt: attempt, Target: to.Started, RequestedAt: now,
	}
}

// place is where a session should be, and why; nil where it should stay.
func (s *State) place(k Key, holder *Instance, now time.Time, rules Rules) (to *Instance, reason string) {
	h := s.at(k)
	home, stay := s.Instances[h.Instance], s.Instances[h.Stay]
	switch {
	case stay.serves(k) && s.available(stay, now, rules):
		return stay, ByCommand
	case holder.Draining && home.serves(k) && s.available(home, now, rules):
		return home, ByDrain
	case holder.Draining:
		return s.leastHeld(k, now, rules), ByDrain
	case h.Stay == "" && (h.Return || s.fallsBack(h, holder, now)) && home.serves(k) && s.steady(home, now, rules):
		return home, ByFallback
	}
	return nil, ""
}

// fallsBack reports whether a session may fall back by itself.
func (s *State) fallsBack(h *Home, holder *Instance, now time.Time) bool {
	home := s.Instances[h.Instance]
	return s.Automatic && !h.Calm.Keeps(now) && home != nil && !home.slower(holder)
}

// leastHeld is the available instance that holds the fewest sessions, or is to get them.
func (s *State) leastHeld(k Key, now time.Time, rules Rules) (best *Instance) {
	fewest := 0
	for _, name := range s.names() {
		i := s.Instances[name]
		if !i.serves(k) || !s.available(i, now, rules) {
			continue
		}
		if n := s.load(i); best == nil || n < fewest {
			best, fewest = i, n
		}
	}
	return best
}

func (s *State) load(i *Instance) (n int) {
	for _, one := range i.Sessions {
		if one.Held {
			n++
		}
	}
	for _, m := range s.Moves {
		if m.State == Requested && m.To == i.Name {
			n++
		}
	}
	return n
}

func (s *State) underWay(gateway string) (n int) {
	for k, m := range s.Moves {
		if k.Gateway == gateway && m.State == Requested {
			n++
		}
	}
	return n
}

// attempt numbers the next try of a move; not allowed while one is under way, too soon after a failure, or once it has
// failed too often.
func (s *State) attempt(k Key, to *Instance, now time.Time, rules Rules) (number int, allowed bool) {
	last := s.Moves[k]
	if last != nil && last.State == Requested {
		return 0, false
	}
	if !s.failedBefore(k, to) {
		return 1, true
	}
	pause := time.Duration(last.Attempt) * rules.Pause
	return last.Attempt + 1, last.Attempt < rules.Attempts && now.Sub(last.EndedAt) >= pause
}

// failedBefore tells whether the last move was the same one, to the same life of its target, and no command came since.
func (s *State) failedBefore(k Key, to *Instance) bool {
	last := s.Moves[k]
	if last == nil || last.State != Failed || to == nil || last.To != to.Name || !last.Target.Equal(to.Started) {
		return false
	}
	return last.RequestedAt.After(s.at(k).Commanded)
}

func (s *State) exhausted(k Key, to string, rules Rules) bool {
	return s.failedBefore(k, s.Instances[to]) && s.Moves[k].Attempt >= rules.Attempts
}
