package message

import "time"

// Pending says that a request is safe with the core and not yet decided. It comes once for each request, before the
// final answer.
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

// Refusal is why something was refused.
type Refusal struct {
	Code string // one of the core's codes: line_exceeded, off_market …
	Text string // what, the number asked, the bound, what to do
}

func (r *Refusal) walk(f *fields) {
	f.text("code", &r.Code, optional(maxCode))
	f.words("text", &r.Text)
}

// TradeRejected says that a trade that was asked for is not done.
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

// ReportAnswered says whether a reported trade is taken.
type ReportAnswered struct {
	AnswerHead
	Outcome   Outcome // Approved or Refused
	TradeID   string
	AnswerID  string // the same in a repeat of the same answer, else unique
	TradeDate string
	DecidedAt time.Time
	Refusal   // empty if approved
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
	if (r.Outcome == Refused) != (r.Code != "") {
		f.fail("code", "needed with a refusal, none without")
	}
}

// BusinessReject says that a message cannot be read or taken: which one, which field, why.
type BusinessReject struct {
	AnswerHead
	Reason     Reason
	RefType    Type
	RefVersion Version
	Field      string // as the layouts name it; may be empty
	Text       string // the rule
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
