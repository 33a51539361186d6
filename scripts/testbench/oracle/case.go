package oracle

import "slices"

// Case is evidence with its parts brought together, so that a rule finds what belongs to one request or trade at once.
type Case struct {
	Evidence

	stories      []*story // in the order in which the requests were sent first
	byRequest    map[request]*story
	byTrade      map[string]*Trade
	byTradeID    map[string]*story // of registered and of rejected trades
	reservations map[string]*Reservation
}

// request identifies what a provider asked for.
type request struct{ session, reference string }

func (r request) String() string { return r.session + " " + r.reference }

// story is one reference of a provider, from its first message to its end.
type story struct {
	request
	sent    []Sent   // without those sent again because there was no room
	answers []Answer // pending and final ones
	trades  []*Trade
	refused int // rejections that the core has recorded
}

func newCase(e Evidence) *Case {
	c := &Case{
		Evidence: e, byRequest: map[request]*story{}, byTrade: map[string]*Trade{}, byTradeID: map[string]*story{},
		reservations: map[string]*Reservation{},
	}
	for _, s := range e.Sent {
		if st := c.story(s.Session, s.Reference); !s.Again || len(st.sent) == 0 {
			st.sent = append(st.sent, s)
		}
	}
	for _, a := range e.Received {
		if st := c.story(a.Session, a.Reference); a.State == Pending || a.final() {
			st.answers = append(st.answers, a)
		}
	}
	c.addStores()
	return c
}

func (c *Case) addStores() {
	for i := range c.Trades {
		t := &c.Trades[i]
		c.byTrade[t.ID] = t
		st := c.story(t.Provider, t.Reference)
		st.trades = append(st.trades, t)
		c.byTradeID[t.ID] = st
	}
	for _, r := range c.Rejections {
		st := c.story(r.Provider, r.Reference)
		st.refused++
		c.byTradeID[r.TradeID] = st
	}
	for i := range c.Reservations {
		c.reservations[c.Reservations[i].ID] = &c.Reservations[i]
	}
}

func (c *Case) story(session, reference string) *story {
	key := request{session, reference}
	st := c.byRequest[key]
	if st == nil {
		st = &story{request: key}
		c.byRequest[key] = st
		c.stories = append(c.stories, st)
	}
	return st
}

// each collects what find says of every story.
func (c *Case) each(find func(*story) []Violation) []Violation {
	var all []Violation
	for _, st := range c.stories {
		all = append(all, find(st)...)
	}
	return all
}

// first is the request as it was sent first; false if nobody sent it.
func (st *story) first() (Sent, bool) {
	if len(st.sent) == 0 {
		return Sent{}, false
	}
	return st.sent[0], true
}

func (st *story) asksForTrade() bool {
	s, ok := st.first()
	return ok && s.trades()
}

func (st *story) withState(states ...State) []Answer {
	var all []Answer
	for _, a := range st.answers {
		if slices.Contains(states, a.State) {
			all = append(all, a)
		}
	}
	return all
}

func (st *story) finals() []Answer { return st.withState(Accepted, Rejected, Refused) }

// accepted is the story's first acceptance; false if there is none.
func (st *story) accepted() (Answer, bool) {
	if all := st.withState(Accepted); len(all) > 0 {
		return all[0], true
	}
	return Answer{}, false
}
