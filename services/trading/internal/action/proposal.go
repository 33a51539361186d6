package action

import (
	"time"

	"fxcore/services/trading/internal/trade"
)

// Lasts is how long a proposal waits for a second person.
const Lasts = 24 * time.Hour

// ProposalState is where an action stands that a person has proposed.
type ProposalState string

// The states. All but Proposed are final.
const (
	Proposed  ProposalState = "proposed"  // it waits for a second person
	Done      ProposalState = "done"      // a second person has approved, and it has taken place
	Declined  ProposalState = "declined"  // a second person does not want it
	Withdrawn ProposalState = "withdrawn" // who proposed it does not want it any more
	Expired   ProposalState = "expired"   // nobody has decided in time
	Refused   ProposalState = "refused"   // when it was to take place, it was not possible any more
)

// Proposal is an action that needs two persons. It holds neither a lock nor a line: it is decided on the state of the moment of the decision.
type Proposal struct {
	ID     string
	Kind   Kind
	On     trade.Ref
	State  ProposalState
	Reason string
	By     string
	At     time.Time
	Until  time.Time

	DecidedBy string // empty for what has expired
	DecidedAt time.Time
	Decision  string // why
	Code      string // of a refusal
	Text      string
}

// The reasons why a step on a proposal is refused.
const (
	SamePerson     Reason = "same_person"      // who proposes does not approve
	OtherPerson    Reason = "other_person"     // only who proposes withdraws
	AlreadyDecided Reason = "already_decided"  //
	UnknownAction  Reason = "unknown_action"   //
	UnknownTrade   Reason = "unknown_trade"    // trading has no such version of a trade
	TooLate        Reason = "too_late"         // the command, or the proposal, was good until earlier
	NotKnownHere   Reason = "not_possible_yet" // no such action is built
	DataMissing    Reason = "no_static_data"   // the windows of payment are not known
)

// Propose returns a proposal.
func Propose(id string, kind Kind, on trade.Ref, by, reason string, now time.Time) Proposal {
	return Proposal{ID: id, Kind: kind, On: on, State: Proposed, Reason: reason, By: by, At: now, Until: now.Add(Lasts)}
}

// Open reports whether somebody may still decide.
func (p Proposal) Open(now time.Time) bool { return p.State == Proposed && now.Before(p.Until) }

// Lapse returns the proposal as expired if its time is over.
func (p Proposal) Lapse(now time.Time) (Proposal, bool) {
	if p.State != Proposed || now.Before(p.Until) {
		return p, false
	}
	p.State, p.DecidedAt, p.Code, p.Text = Expired, now, string(TooLate), "nobody has decided until "+p.Until.UTC().Format(time.RFC3339)
	return p, true
}

// Decide returns the proposal as a person decides it: Done, Declined or Withdrawn. Refusals: AlreadyDecided, SamePerson for an approval,
// OtherPerson for a withdrawal.
func (p Proposal) Decide(to ProposalState, by, why string, now time.Time) (Proposal, error) {
	switch {
	case p.State != Proposed:
		return p, refuse(AlreadyDecided, "the action is %s already", p.State)
	case to == Done && by == p.By:
		return p, refuse(SamePerson, "%s has proposed it; another person approves", by)
	case to == Withdrawn && by != p.By:
		return p, refuse(OtherPerson, "%s has proposed it; decline it instead", p.By)
	}
	p.State, p.DecidedBy, p.DecidedAt, p.Decision = to, by, now, why
	return p, nil
}

// Fail returns the proposal as refused when it was to take place.
func (p Proposal) Fail(no *Refusal) Proposal {
	p.State, p.Code, p.Text = Refused, string(no.Reason), no.Text
	return p
}
