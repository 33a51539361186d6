package message

import "time"

// Pending says that the core has a request and will decide it. It comes once for each request, before the final answer.
type Pending struct {
	AnswerHead
	Of        Type   // type of the request
	ID        string // our id of the trade or check
	TradeDate string
	TakenAt   time.Time
}

// Type is TypePending.
func (*Pending) Type() Type { return TypePending }

func (p *Pending) fields(f *fields) {
	octet(f, "of", &p.Of)
	f.text("id", &p.ID, required(maxReference))
	f.date("trade_date", &p.TradeDate)
	f.needInstant("taken_at", &p.TakenAt)
}

// Refusal is the reason of a refusal.
type Refusal struct {
	Code string // one of the codes of services/contract/reason: line_exceeded, off_market …
	Text string // what, the number asked, the bound, what to do
}

func (r *Refusal) walk(f *fields) {
	f.text("code", &r.Code, optional(maxCode))
	f.words("text", &r.Text)
}

// TradeRejected says that a requested trade is not done.
type TradeRejected struct {
	AnswerHead
	TradeID   string
	AnswerID  string // the same in a repeat of the same answer, else unique
	DecidedAt time.Time
	Refusal
}

// Type is TypeTradeRejected.
func (*TradeRejected) Type() Type { return TypeTradeRejected }

func (r *TradeRejected) fields(f *fields) {
	f.text("trade_id", &r.TradeID, required(maxReference))
	f.text("answer_id", &r.AnswerID, required(maxReference))
	f.needInstant("decided_at", &r.DecidedAt)
	r.Refusal.walk(f)
	if r.Code == "" {
		f.fail("code", ruleNeeded)
	}
}

// ReportAnswered says whether the core accepts a reported trade.
type ReportAnswered struct {
	AnswerHead
	Outcome   Outcome // Approved or Refused
	TradeID   string
	AnswerID  string // the same in a repeat of the same answer, else unique
	TradeDate string
	DecidedAt time.Time
	Refusal   // no code if approved; the text then says what is flagged, if anything is

	ReportedTradeDate string // as the report states it; empty if it states none, or if it is refused; since 1.2
}

// Type is TypeReportAnswered.
func (*ReportAnswered) Type() Type { return TypeReportAnswered }

func (r *ReportAnswered) fields(f *fields) {
	oneOf(f, "outcome", &r.Outcome, outcomes[:Refused])
	f.text("trade_id", &r.TradeID, required(maxReference))
	f.text("answer_id", &r.AnswerID, required(maxReference))
	f.date("trade_date", &r.TradeDate)
	f.needInstant("decided_at", &r.DecidedAt)
	r.Refusal.walk(f)
	if f.since(2) {
		f.date("reported_trade_date", &r.ReportedTradeDate)
	}
	if (r.Outcome == Refused) != (r.Code != "") {
		f.fail("code", "needed with a refusal, none without")
	}
}

// BusinessReject says that a message is not valid or cannot be taken now: which message, which field, and why.
type BusinessReject struct {
	AnswerHead
	Reason     Reason
	RefType    Type
	RefVersion Version
	Field      string // name of the field in the layouts; may be empty
	Text       string // the rule that is broken
}

// Type is TypeBusinessReject.
func (*BusinessReject) Type() Type { return TypeBusinessReject }

func (r *BusinessReject) fields(f *fields) {
	oneOf(f, "reason", &r.Reason, reasons)
	octet(f, "ref_type", &r.RefType)
	octet(f, "ref_version", &r.RefVersion)
	f.text("field", &r.Field, optional(maxReference))
	f.words("text", &r.Text)
}
