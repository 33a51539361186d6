package plan

import "time"

// Instance is one instance of a gateway, by its last report.
type Instance struct {
	Name       string // service and replica: "fix/2"
	Gateway    string
	Started    time.Time // by its own clock, as is Sequence's order within a life
	Sequence   int64
	ReportedAt time.Time // when it said so
	Ready      bool
	Reason     string    // why it is not
	ReadySince time.Time // the first of the reports in an unbroken row that say so
	Sessions   []Session
	Draining   bool          // by command
	Late       time.Duration // how late it runs
	Lease      time.Duration // how long its leases last for that; 0: it does not say so
}

// Report replaces what is known of the instance, unless a later report is known already. It tells whether it did.
func (s *State) Report(r Instance, rules Rules) bool {
	known := s.Instances[r.Name]
	if known != nil && !r.after(known) {
		return false
	}
	r.ReadySince = r.ReportedAt
	if known != nil {
		r.Draining = known.Draining
		if !known.Started.Equal(r.Started) {
			s.forsake(r.Name)
		}
		if known.Ready && known.Started.Equal(r.Started) && r.ReportedAt.Sub(known.ReportedAt) <= rules.Alive {
			r.ReadySince = known.ReadySince
		}
	}
	s.Instances[r.Name] = &r
	s.changed.instance(r.Name)
	for _, one := range r.Sessions {
		if one.Held {
			s.heard(Key{r.Gateway, one.Provider}, one.Epoch)
		}
	}
	return true
}

// forsake clears Stay of the sessions that a command has moved to an instance that has started anew. An instance that
// dies and comes back every few seconds must not draw sessions each time. Sessions whose home it is fall back once it is
// steady.
func (s *State) forsake(instance string) {
	for k, h := range s.Homes {
		if h.Stay == instance {
			h.Stay = ""
			s.changed.home(k)
		}
	}
}

// heard notes that a session has an epoch.
func (s *State) heard(k Key, epoch int64) {
	if h := s.at(k); h.Epoch < epoch {
		h.Epoch = epoch
		s.changed.home(k)
	}
}

func (i *Instance) after(known *Instance) bool {
	if i.Started.Equal(known.Started) {
		return i.Sequence > known.Sequence
	}
	return i.Started.After(known.Started)
}

// Alive tells whether the instance has reported lately.
func (i *Instance) Alive(now time.Time, rules Rules) bool {
	return i != nil && now.Sub(i.ReportedAt) <= rules.Alive
}

// available reports whether sessions may be moved to an instance. It must be ready, must not drain, and must have
// reported within half of Rules.Alive: a move to a dead one costs half a second. It must not report a session that
// another has taken since: then it was probably killed.
func (s *State) available(i *Instance, now time.Time, rules Rules) bool {
	return i != nil && now.Sub(i.ReportedAt) <= rules.Alive/2 && i.Ready && !i.Draining && !s.robbed(i)
}

// steady tells whether sessions may fall back there.
func (s *State) steady(i *Instance, now time.Time, rules Rules) bool {
	return s.available(i, now, rules) && now.Sub(i.ReadySince) >= rules.Steady
}

func (s *State) robbed(i *Instance) bool {
	for _, one := range i.Sessions {
		if one.Held && one.Epoch < s.at(Key{i.Gateway, one.Provider}).Epoch {
			return true
		}
	}
	return false
}

func (i *Instance) session(provider string) (Session, bool) {
	for _, s := range i.Sessions {
		if s.Provider == provider {
			return s, true
		}
	}
	return Session{}, false
}

// serves tells whether the instance knows the provider: another of its gateway may run with other settings.
func (i *Instance) serves(k Key) bool {
	if i == nil || i.Gateway != k.Gateway {
		return false
	}
	_, ok := i.session(k.Provider)
	return ok
}
