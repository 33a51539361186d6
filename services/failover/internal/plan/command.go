package plan

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// What on-call can command.
const (
	CommandMove      = "move"      // Provider to Instance; it stays there until that one is away, starts anew or drains
	CommandHome      = "home"      // of Provider is Instance from now on
	CommandDrain     = "drain"     // Instance gives away what it holds, and gets nothing
	CommandUndrain   = "undrain"   // Instance may hold sessions again
	CommandFallback  = "fallback"  // every session home, or only Provider's
	CommandSpread    = "spread"    // homes are made even over the instances that are there
	CommandAutomatic = "automatic" // fall-back goes by itself
	CommandManual    = "manual"    // fall-back waits for a command
	CommandBar       = "bar"       // Provider is cut off at every gateway, and not admitted until CommandAdmit
	CommandAdmit     = "admit"     // Provider may log on again
)

// Command is what on-call asks for. Provider and Instance are empty where a command needs none.
type Command struct {
	ID                       string
	Name, Provider, Instance string
	By, Why                  string
	Late                     bool // its deadline has passed
}

// Refused begins what the history says of a command that was not followed.
const Refused = "refused "

// Refusal is why a command cannot be followed: for the one who gave it.
type Refusal struct{ Text string }

func (r *Refusal) Error() string { return r.Text }

func refuse(format string, args ...any) error { return &Refusal{fmt.Sprintf(format, args...)} }

// Obey follows a command, or returns a *Refusal and changes nothing but the history.
func (s *State) Obey(c Command, now time.Time, rules Rules) error {
	k, err := s.obey(c, now, rules)
	e := Entry{At: now, Gateway: k.Gateway, Provider: c.Provider, Instance: c.Instance, What: "command " + c.Name, Text: c.Why, By: c.By, Command: c.ID}
	if err != nil {
		e.What, e.Text = Refused+c.Name, err.Error()
	}
	s.tell(e)
	return err
}

func (s *State) obey(c Command, now time.Time, rules Rules) (Key, error) {
	if c.Late {
		return Key{}, refuse("it came too late: give it again")
	}
	switch c.Name {
	case CommandMove:
		return s.obeyMove(c, now, rules)
	case CommandHome:
		return s.obeyHome(c, now, rules)
	case CommandDrain, CommandUndrain:
		return s.obeyDrain(c)
	case CommandFallback:
		return s.obeyFallback(c, now, rules)
	case CommandSpread:
		for _, gateway := range s.gateways() {
			s.spread(gateway, now, rules)
		}
		return Key{}, nil
	case CommandAutomatic, CommandManual:
		s.Automatic = c.Name == CommandAutomatic
		s.changed.automatic = true
		return Key{}, nil
	case CommandBar, CommandAdmit:
		return s.obeyBar(c, now, rules)
	}
	return Key{}, refuse("there is no command %q", c.Name)
}

func (s *State) obeyMove(c Command, now time.Time, rules Rules) (Key, error) {
	k, i, err := s.named(c, now, rules)
	switch {
	case err != nil:
		return k, err
	case !i.Alive(now, rules):
		return k, refuse("%s is not alive: its last report is of %s", i.Name, i.ReportedAt.UTC().Format(time.TimeOnly))
	case i.Draining:
		return k, refuse("%s drains: undrain it first", i.Name)
	case !i.Ready:
		return k, refuse("%s is not ready: %s", i.Name, i.Reason)
	}
	s.command(k, now).Stay = i.Name
	return k, nil
}

func (s *State) obeyHome(c Command, now time.Time, rules Rules) (Key, error) {
	k, i, err := s.named(c, now, rules)
	if err != nil {
		return k, err
	}
	h := s.command(k, now)
	h.Instance, h.Stay = i.Name, ""
	return k, nil
}

func (s *State) obeyDrain(c Command) (Key, error) {
	i := s.Instances[c.Instance]
	if i == nil {
		return Key{}, s.unknownInstance(c.Instance)
	}
	i.Draining = c.Name == CommandDrain
	s.changed.instance(i.Name)
	return Key{Gateway: i.Gateway}, nil
}

func (s *State) obeyFallback(c Command, now time.Time, rules Rules) (Key, error) {
	if c.Provider != "" {
		k, err := s.provider(c.Provider, now, rules)
		if err != nil {
			return k, err
		}
		s.comeBack(k, now)
		return k, nil
	}
	for _, k := range s.keys(now, rules) {
		s.comeBack(k, now)
	}
	return Key{}, nil
}

// Word is what a person has said about a provider: that it is barred, or admitted again.
type Word struct {
	Key     Key
	Barred  bool
	By, Why string
}

// obeyBar tells every gateway, because a provider may have a session at each. It needs no reports: a gateway that is silent hears of it
// when it is back.
func (s *State) obeyBar(c Command, now time.Time, rules Rules) (Key, error) {
	known := slices.ContainsFunc(slices.Concat(s.keys(now, rules), s.Known()), func(k Key) bool { return k.Provider == c.Provider })
	gateways := s.gateways()
	switch {
	case len(gateways) == 0:
		return Key{}, refuse("no gateway is known: none has reported yet")
	case !known:
		return Key{}, refuse("no gateway has ever served provider %q", c.Provider)
	case c.Why == "":
		return Key{}, refuse("say why: it is kept")
	}
	for _, gateway := range gateways {
		s.words = append(s.words, Word{Key{gateway, c.Provider}, c.Name == CommandBar, c.By, c.Why})
	}
	return Key{}, nil
}

// Words returns what was said since it was called last.
func (s *State) Words() []Word {
	words := s.words
	s.words = nil
	return words
}

// comeBack follows the command that a session falls back. It ends the home's Stay and sets Return.
func (s *State) comeBack(k Key, now time.Time) {
	h := s.command(k, now)
	h.Stay, h.Return = "", true
}

// command notes that a command for a session came at now, and returns the session's home. Failures before now no longer
// count.
func (s *State) command(k Key, now time.Time) *Home {
	h := s.at(k)
	h.Commanded = now
	s.changed.home(k)
	return h
}

// named finds the session and the instance of a command.
func (s *State) named(c Command, now time.Time, rules Rules) (Key, *Instance, error) {
	k, err := s.provider(c.Provider, now, rules)
	if err != nil {
		return k, nil, err
	}
	i := s.Instances[c.Instance]
	switch {
	case i == nil:
		return k, nil, s.unknownInstance(c.Instance)
	case !i.serves(k):
		return k, nil, refuse("%s does not serve %s", i.Name, k.Provider)
	}
	return k, i, nil
}

func (s *State) provider(name string, now time.Time, rules Rules) (Key, error) {
	var known []string
	for _, k := range s.keys(now, rules) {
		if k.Provider == name {
			return k, nil
		}
		known = append(known, k.Provider)
	}
	if len(known) == 0 {
		return Key{}, refuse("no provider is known: no gateway reports")
	}
	return Key{}, refuse("no living gateway serves provider %q: they serve %s", name, strings.Join(known, ", "))
}

func (s *State) unknownInstance(name string) error {
	if len(s.Instances) == 0 {
		return refuse("no instance is known: no gateway reports")
	}
	return refuse("no instance %q: there are %s", name, strings.Join(s.names(), ", "))
}

func (s *State) gateways() (names []string) {
	seen := map[string]bool{}
	for _, name := range s.names() {
		if g := s.Instances[name].Gateway; !seen[g] {
			seen[g] = true
			names = append(names, g)
		}
	}
	return names
}
