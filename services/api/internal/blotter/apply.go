package blotter

import (
	"cmp"
	"slices"

	"fxcore/services/contract/reason"
)

// Done is what trade.registered tells.
type Done struct {
	Request    Request      `json:"request"`
	Caller     *Caller      `json:"caller"`
	Authorized Terms        `json:"authorized"`
	Validated  Validated    `json:"validated"`
	Registered Registration `json:"registered"`
}

// Ended is what trade.rejected tells. Terms and validated are absent if an earlier step refused.
type Ended struct {
	Request    Request    `json:"request"`
	Caller     *Caller    `json:"caller"`
	Authorized *Terms     `json:"authorized"`
	Validated  *Validated `json:"validated"`
	Rejected   Refusal    `json:"rejected"`
}

// Register takes in that a version of the trade is done. What is done stands above what was asked for or refused.
func (f *Facts) Register(d Done) {
	if f.Registered != nil && f.Registered.Version >= d.Registered.Version {
		return
	}
	d.Request.TradeID, d.Registered.TradeID = "", ""
	f.Request, f.Terms, f.Validated, f.Registered = &d.Request, &d.Authorized, &d.Validated, &d.Registered
	f.Caller = cmp.Or(d.Caller, f.Caller)
}

// Reject takes in that the request was refused. A refusal as a duplicate is about a second request under the same reference: it
// says nothing about this trade.
func (f *Facts) Reject(e Ended) {
	if f.Registered != nil || e.Rejected.Code == string(reason.Duplicate) {
		return
	}
	e.Request.TradeID = ""
	f.Request, f.Rejected = &e.Request, &e.Rejected
	f.Caller, f.Terms, f.Validated = cmp.Or(e.Caller, f.Caller), cmp.Or(e.Authorized, f.Terms), cmp.Or(e.Validated, f.Validated)
}

// Ask takes in a request that nothing has been decided about.
func (f *Facts) Ask(r Request, by *Caller) {
	f.Caller = cmp.Or(f.Caller, by)
	if f.Request == nil {
		r.TradeID = ""
		f.Request = &r
	}
}

// Assign takes in who answers for the trade.
func (f *Facts) Assign(a Assignment) {
	if f.Assigned == nil || f.Assigned.Version < a.Version {
		a.TradeID = ""
		f.Assigned = &a
	}
}

// Book takes in the mainframe's booking of a version. It stands above a refusal of the same version.
func (f *Facts) Book(b Booking) {
	if f.Booked == nil || version(f.Booked.Version) < version(b.Version) {
		f.Booked = &b
	}
}

// Refuse takes in that the mainframe refused to book a version of the trade.
func (f *Facts) Refuse(r Refusal) {
	if f.Refused == nil || version(f.Refused.Version) < version(r.Version) {
		f.Refused = &r
	}
}

// Execute takes in that all legs of a version are settled.
func (f *Facts) Execute(e Execution) {
	if f.Executed == nil || f.Executed.Version < e.Version {
		e.TradeID = ""
		f.Executed = &e
	}
}

// Settle takes in what became of a leg. A settled leg stays settled; of two failures the later one stays.
func (f *Facts) Settle(s Settlement) {
	i := slices.IndexFunc(f.Settlements, func(o Settlement) bool { return o.Version == s.Version && o.Leg == s.Leg })
	switch {
	case i < 0:
		f.Settlements = append(f.Settlements, s)
	case s.after(f.Settlements[i]):
		f.Settlements[i] = s
	}
	slices.SortFunc(f.Settlements, func(a, b Settlement) int {
		return cmp.Or(cmp.Compare(a.Version, b.Version), cmp.Compare(a.Leg, b.Leg))
	})
}

// after tells whether s stands above another settlement of the same leg.
func (s Settlement) after(o Settlement) bool {
	if s.Failed() != o.Failed() {
		return o.Failed()
	}
	return s.At.After(o.At)
}

// mostEntries bounds a history. A trade takes about ten steps; a leg that fails day after day adds more.
const mostEntries = 200

// Knows tells whether a message is in the history: then the facts have what it tells. A full history may not have it.
func (f *Facts) Knows(message string) bool {
	return slices.ContainsFunc(f.History, func(o Entry) bool { return o.ID == message })
}

// Note adds a step to the history, once.
func (f *Facts) Note(e Entry) {
	if len(f.History) >= mostEntries || f.Knows(e.ID) {
		return
	}
	f.History = append(f.History, e)
	slices.SortFunc(f.History, func(a, b Entry) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}
