package oracle

import "slices"

// steps returns what happened to each line check's reservation, by its id: what its provider was told, and what its trades took
// over.
func (c *Case) steps() map[string][]step {
	all := map[string][]step{}
	for _, st := range c.stories {
		s, _ := st.first()
		if s.Target == "" && s.Uses == "" {
			continue
		}
		id := c.checkOf(s.Session, s.Target+s.Uses)
		if x, happened := c.asked(st, s, id); happened {
			all[id] = append(all[id], x)
		}
	}
	for _, r := range c.Reservations {
		if r.FromCheck != "" {
			all[r.FromCheck] = append(all[r.FromCheck], c.takeover(r)...)
		}
	}
	return all
}

// asked returns the step of a request that names a line check; false if there is none, or if a trade's reservation tells it.
func (c *Case) asked(st *story, s Sent, check string) (step, bool) {
	x := step{what: s.Action, part: s.Amount, from: s.At, deal: c.tradeOf(s.Session, s.For)}
	if s.Uses != "" {
		x.what, x.deal = useOf(s), c.tradeOf(s.Session, s.Reference)
	}
	finals := st.finals()
	a, accepted := st.accepted()
	switch {
	case s.Uses != "" && accepted && c.tookNothing(a.ID, s, check):
		x.to, x.refused = a.At, ended
		return x, true
	case s.Target != "" && accepted:
		x.to = a.At
		return x, true
	case s.Target != "" && len(finals) == 0:
		x.maybe = true
		return x, true
	case accepted || len(finals) != 1 || c.reservations[finals[0].ID] != nil && s.Uses != "":
		return x, false
	}
	x.to, x.refused = finals[0].At, finals[0].refusal(check)
	return x, x.refused == short || x.refused == ended
}

// tookNothing tells whether a report that is booked took nothing of the line check that it names, although the check is its provider's and
// for its client: then nothing was left of it. A check of another one is not touched.
func (c *Case) tookNothing(trade string, s Sent, check string) bool {
	r, source := c.reservations[trade], c.reservations[check]
	return useOf(s) == report && r != nil && r.FromCheck == "" && source != nil && source.Kind == "check" &&
		source.Provider == s.Session && source.Client == "client/"+s.Client
}

// useOf tells whether a trade uses first what is open, as an order, or what is consumed, as a report.
func useOf(s Sent) string {
	if s.Form == "AE" || s.Form == "P" {
		return report
	}
	return order
}

// takeover returns the steps of a trade that took a part of a line check over.
func (c *Case) takeover(r Reservation) []step {
	take := step{what: order, part: r.FromAmount, trade: r.ID, taken: r.FromTaken}
	if st := c.byTradeID[r.ID]; st != nil {
		s, _ := st.first()
		take.what, take.free, take.from = useOf(s), s.Rest == "free", s.At
		source := c.reservations[r.FromCheck]
		take.all = take.what == report && source != nil && s.Currency == source.Currency && r.FromAmount.LessThan(s.Amount)
		if finals := st.finals(); len(finals) > 0 {
			take.to = finals[0].At
		}
	}
	end := step{what: expire, trade: r.ID}
	end.from, _ = c.lapses(r.ExpiresAt)
	switch {
	case r.State == lapsed:
		return []step{take, end}
	case r.State == released:
		end.maybe = true
		return []step{take, end, {what: giveBack, from: take.from, trade: r.ID}}
	case r.Late || c.jumpedPast(r) || r.State == gone: // a deleted reservation does not say any more whether it was late
		end.maybe = true
		again := end
		again.what = takeAgain
		return []step{take, end, again}
	}
	return []step{take}
}

// jumpedPast tells whether a trade that stands may have lapsed before it was registered, by a jump of the bank's clock. Late does not say
// so: it compares the server's clock with the bank's.
func (c *Case) jumpedPast(r Reservation) bool {
	return len(c.Jumps) > 0 && (r.State == consumed || r.State == settled || r.State == gone) && !r.ExpiresAt.After(c.At)
}

// lineCheckUsed: a trade uses the line check that its request names or that was consumed for it, and no other: a check of its own
// provider for the same deal. A report may also use a check for another deal of its client, a part that is less than its amount, or
// nothing of the check.
func lineCheckUsed(c *Case) []Violation {
	var found []Violation
	told := c.consumptions()
	for _, r := range c.Reservations {
		if r.Kind == "check" && slices.ContainsFunc(told[r.ID], func(x consumption) bool { return x.accepted }) {
			found = append(found, broken(r.ID, "a line check, and %s was consumed for it as for a trade", told[r.ID][0].check))
		}
		st := c.byTradeID[r.ID]
		if r.Kind != "trade" || st == nil {
			continue // another rule says so
		}
		if text := c.usedWrongly(r, st, told[r.ID]); text != "" {
			found = append(found, broken(r.ID, "%s: %s", st, text))
		}
	}
	return found
}

func (c *Case) usedWrongly(r Reservation, st *story, told []consumption) string {
	stands := r.State == reserved || r.State == consumed || r.State == settled || r.State == gone
	for _, x := range told {
		if x.accepted && stands && x.provider == r.Provider && r.FromCheck != x.check {
			return "used the line check " + quoted(r.FromCheck) + ", and " + x.check + " was consumed for it"
		}
	}
	text := ""
	for _, s := range st.candidates() {
		named := ""
		switch {
		case s.Uses != "":
			named = c.checkOf(s.Session, s.Uses)
		case slices.ContainsFunc(told, func(x consumption) bool { return x.provider == r.Provider && x.check == r.FromCheck }):
			named = r.FromCheck
		}
		if text = c.takes(r, named, s); text == "" {
			return ""
		}
	}
	return text
}

// consumption is one of a line check for a trade. It was accepted, or nobody has answered it. The provider may have named the trade of
// another one, before that came: then it is for no trade.
type consumption struct {
	provider, check string
	accepted        bool
}

// consumptions returns those for each trade, by its id.
func (c *Case) consumptions() map[string][]consumption {
	all := map[string][]consumption{}
	for _, st := range c.stories {
		s, _ := st.first()
		_, accepted := st.accepted()
		if s.For == "" || s.Action != "consume" || !accepted && len(st.finals()) > 0 {
			continue
		}
		id := c.tradeOf(s.Session, s.For)
		all[id] = append(all[id], consumption{s.Session, c.checkOf(s.Session, s.Target), accepted})
	}
	return all
}

// tradeOf returns the id of the trade that a provider names by its reference or by our id. If nobody has told the id of the
// reference, nothing else does.
func (c *Case) tradeOf(session, name string) string {
	if st := c.byRequest[request{session, name}]; st != nil {
		for _, a := range st.answers {
			if a.ID != "" {
				return a.ID
			}
		}
	}
	return name
}

// takes tells what is wrong with what a trade took over, if its request named a line check; empty if nothing.
func (c *Case) takes(r Reservation, named string, s Sent) string {
	source, ok := c.reservations[named]
	reported := useOf(s) == report
	switch {
	case reported && r.FromCheck == "":
		return "" // if something was left of the check, "reservation accounted for" tells
	case r.FromCheck != named:
		return "used the line check " + quoted(r.FromCheck) + ", named " + quoted(named)
	case named == "":
		return ""
	case !ok || source.Kind != "check":
		return "used " + named + ", which is no line check"
	case source.Provider != s.Session:
		return "used a line check of " + source.Provider
	case r.Group != source.Group || r.Desk != source.Desk || r.Dealer != source.Dealer || r.Client != source.Client:
		return "used a line check of " + source.Client
	case !reported && r.displaces(source):
		return "used a line check of another deal, in " + source.Pair + " for " + source.ValueDate
	case s.Currency == source.Currency && (r.FromAmount.GreaterThan(s.Amount) || !reported && !r.FromAmount.Equal(s.Amount)):
		return "used " + r.FromAmount.String() + " of its line check for " + s.Amount.String()
	}
	return ""
}

// displaces tells whether a trade's reservation is of another deal than the line check of which it took a part.
func (r *Reservation) displaces(source *Reservation) bool {
	return r.Pair != source.Pair || r.buysBase() != source.buysBase() || r.ValueDate != source.ValueDate || r.FarDate != ""
}

func quoted(name string) string {
	if name == "" {
		return "none"
	}
	return name
}
