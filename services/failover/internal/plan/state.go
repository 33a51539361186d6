package plan

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// State is all that a plan is made of, and what has changed in it since it was loaded.
type State struct {
	Automatic bool // fall-back goes by itself
	Instances map[string]*Instance
	Homes     map[Key]*Home
	Moves     map[Key]*Move // the last one of each provider
	Told      []Entry       // new in the history

	changed changes
	words   []Word
}

// Entry is one line of the history.
type Entry struct {
	At                time.Time
	Gateway, Provider string
	Instance          string
	What              string // taken, left, move requested, move done, move failed, drain …
	Epoch             int64
	Text              string
	By                string // who commanded it; empty for the plan and the instances
	Command           string // the id of the command that it answers
}

// NewState is a state with nothing in it.
func NewState() *State {
	return &State{
		Automatic: true, Instances: map[string]*Instance{}, Homes: map[Key]*Home{}, Moves: map[Key]*Move{},
	}
}

func (s *State) tell(e Entry) { s.Told = append(s.Told, e) }

// changes are what is to be stored. Deciding again from the same state changes the same.
type changes struct {
	instances map[string]bool
	homes     map[Key]bool
	moves     map[string]*Move // by id: a provider's last one may be replaced
	automatic bool
}

func (c *changes) instance(name string) { c.instances = with(c.instances, name) }
func (c *changes) home(k Key)           { c.homes = with(c.homes, k) }

func (c *changes) move(m *Move) {
	if c.moves == nil {
		c.moves = map[string]*Move{}
	}
	c.moves[m.ID] = m
}

func with[K comparable](set map[K]bool, k K) map[K]bool {
	if set == nil {
		set = map[K]bool{}
	}
	set[k] = true
	return set
}

// Changed are the parts that have changed, each kind in the order of its keys.
func (s *State) Changed() (instances []*Instance, homes []Key, moves []*Move, automatic bool) {
	for _, name := range slices.Sorted(maps.Keys(s.changed.instances)) {
		instances = append(instances, s.Instances[name])
	}
	homes = slices.SortedFunc(maps.Keys(s.changed.homes), compareKeys)
	for _, id := range slices.Sorted(maps.Keys(s.changed.moves)) {
		moves = append(moves, s.changed.moves[id])
	}
	return instances, homes, moves, s.changed.automatic
}

func compareKeys(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Gateway, b.Gateway), cmp.Compare(a.Provider, b.Provider))
}

// names are the instances in order.
func (s *State) names() []string { return slices.Sorted(maps.Keys(s.Instances)) }

// keys are all providers that a living instance serves, in order.
func (s *State) keys(now time.Time, rules Rules) []Key {
	found := map[Key]bool{}
	for _, i := range s.Instances {
		if !i.Alive(now, rules) {
			continue
		}
		for _, one := range i.Sessions {
			found[Key{i.Gateway, one.Provider}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), compareKeys)
}

// Known are all providers that were ever heard of, in order.
func (s *State) Known() []Key { return slices.SortedFunc(maps.Keys(s.Homes), compareKeys) }

// Holder is who holds a session, by the living instances' reports; nil where none says so.
func (s *State) Holder(k Key, now time.Time, rules Rules) (holder *Instance, session Session) {
	for _, name := range s.names() {
		i := s.Instances[name]
		if i.Gateway != k.Gateway || !i.Alive(now, rules) {
			continue
		}
		if one, ok := i.session(k.Provider); ok && one.Held && one.Epoch > session.Epoch {
			holder, session = i, one
		}
	}
	return holder, session
}
