package message

// StatusRequest asks up to which number the core received the provider's requests. With a subject it also asks for the state of the
// request with a reference. Its sequence number may be anything: it does not count, and the answer repeats it.
type StatusRequest struct {
	RequestHead
	Subject   Subject // 0: only the number; then the reference is empty
	TradeDate string  // trade date of the reference; empty: the present one
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

// Status answers a StatusRequest. Received in its head is the number up to which requests were received. The core also sends it
// without a request, with no sequence, reference and subject: when a request comes again after its answer, no other message
// would say that the request is received.
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
