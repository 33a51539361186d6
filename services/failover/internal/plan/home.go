package plan

import (
	"slices"
	"time"
)

// settleHomes gives each provider without a home one, once all living instances of its gateway are steady: at a start they
// come one after the other, and the first is not to have them all.
func (s *State) settleHomes(now time.Time, rules Rules) {
	for _, k := range s.keys(now, rules) {
		if s.at(k).Instance != "" || !s.quiet(k.Gateway, now, rules) {
			continue
		}
		if to := s.chooseHome(k, now, rules); to != "" {
			s.setHome(k, to)
		}
	}
}

// quiet tells whether all living instances of a gateway that do not drain are steady.
func (s *State) quiet(gateway string, now time.Time, rules Rules) bool {
	for _, i := range s.Instances {
		if i.Gateway == gateway && !i.Draining && i.Alive(now, rules) && !s.steady(i, now, rules) {
			return false
		}
	}
	return true
}

func (s *State) setHome(k Key, instance string) {
	s.at(k).Instance = instance
	s.changed.home(k)
}

// at is what is known of a session's home.
func (s *State) at(k Key) *Home {
	if s.Homes[k] == nil {
		s.Homes[k] = &Home{}
	}
	return s.Homes[k]
}

// chooseHome is the holder, as long as that leaves the spread even: what is in a good place need not move. Else it is the
// instance with the fewest homes.
func (s *State) chooseHome(k Key, now time.Time, rules Rules) string {
	candidates, count := s.candidates(k, now, rules), s.countHomes(k.Gateway)
	holder, _ := s.Holder(k, now, rules)
	if holder != nil && slices.Contains(candidates, holder.Name) {
		all, full := s.served(k.Gateway, now, rules), 0
		share, rest := all/len(candidates), all%len(candidates)
		for _, name := range candidates {
			if count[name] > share {
				full++
			}
		}
		if n := count[holder.Name]; n < share || n == share && full < rest {
			return holder.Name
		}
	}
	return least(candidates, count)
}

// candidates are the steady instances that serve the provider, in order.
func (s *State) candidates(k Key, now time.Time, rules Rules) (names []string) {
	for _, name := range s.names() {
		if i := s.Instances[name]; i.serves(k) && s.steady(i, now, rules) {
			names = append(names, name)
		}
	}
	return names
}

// served is the number of a gateway's providers.
func (s *State) served(gateway string, now time.Time, rules Rules) (n int) {
	for _, k := range s.keys(now, rules) {
		if k.Gateway == gateway {
			n++
		}
	}
	return n
}

// least is the candidate with the lowest count, the first of several; empty where there is none.
func least(candidates []string, count map[string]int) (best string) {
	for _, name := range candidates {
		if best == "" || count[name] < count[best] {
			best = name
		}
	}
	return best
}

func (s *State) countHomes(gateway string) map[string]int {
	count := map[string]int{}
	for k, h := range s.Homes {
		if k.Gateway == gateway {
			count[h.Instance]++
		}
	}
	return count
}

// spread chooses homes anew as far as that makes them even: those at instances that are away or drain move, and one at
// a time from the instance with the most to the one with the fewest.
func (s *State) spread(gateway string, now time.Time, rules Rules) {
	for _, k := range s.homeKeys(gateway) {
		h := s.Homes[k]
		h.Stay = ""
		s.changed.home(k)
		if !s.steady(s.Instances[h.Instance], now, rules) {
			h.Instance = ""
			h.Instance = s.chooseHome(k, now, rules)
		}
	}
	for _, k := range s.homeKeys(gateway) {
		count := s.countHomes(gateway)
		if to := least(s.candidates(k, now, rules), count); to != "" && count[to]+1 < count[s.Homes[k].Instance] {
			s.setHome(k, to)
		}
	}
}

func (s *State) homeKeys(gateway string) (keys []Key) {
	for k := range s.Homes {
		if k.Gateway == gateway {
			keys = append(keys, k)
		}
	}
	sortKeys(keys)
	return keys
}
