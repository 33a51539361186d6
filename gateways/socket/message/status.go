package message

// StatusRequest asks how far the core received the provider's requests and, if it has a subject, what became of the one
// under its reference. Its own sequence number does not count: it is repeated in the answer and may be anything.
type StatusRequest struct {
	RequestHead
	Subject   Subject // 0: how far only; the reference is then empty
	TradeDate string  // of the reference; empty is the trade date of now
}

// Type is TypeStatusRequest.
func (*StatusRequest) Type() Type { return TypeStatusRequest }

func (r *StatusRequest) fields(f *fields) {
	code(f, "subject", &r.Subject, subjects)
	f.date("trade_date", &r.TradeDate)
	if (r.Subject == 0) != (r.Reference == "") {
		f.fail("reference", "needed with a subject, none without")
	}
}

// Status answers a StatusRequest; Received in its head is the answer to how far. It also comes unasked, without sequence,
// reference and subject, where nothing else would say that a request is received: one that came again after its answer.
type Status struct {
	AnswerHead
	Subject   Subject
	TradeDate string
	State     State  // 0 without a subject
	ID        string // our id of the trade or check, empty if unknown
	DecidedBy uint64 // number of the sequenced message with the final answer, 0 if there is none
}

// Type is TypeStatus.
func (*Status) Type() Type { return TypeStatus }

func (s *Status) fields(f *fields) {
	code(f, "subject", &s.Subject, subjects)
	f.date("trade_date", &s.TradeDate)
	code(f, "state", &s.State, states)
	f.text("id", &s.ID, optional(maxReference))
	f.number("decided_by", &s.DecidedBy)
	if (s.Subject == 0) != (s.State == 0) {
		f.fail("state", "needed with a subject, none without")
	}
}
