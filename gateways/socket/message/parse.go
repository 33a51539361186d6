package message

// ParseRequest reads a provider's message. Its error is a *Fault, from which Reject makes the answer.
func ParseRequest(payload []byte) (Request, error) {
	var head RequestHead
	e := open(payload, head.walk)
	m := newRequest(e.kind)
	if e.readable(m != nil) {
		*m.Head() = head
		e.read(m)
	}
	if e.f.fault != nil {
		return nil, e.faulty(head.Sequence, head.Reference)
	}
	return m, nil
}

// ParseAnswer reads a message of the core. Its error is a *Fault. A fault about an unknown type or version means that the core is
// newer than this package. ParseHead can still read the number up to which requests were received.
func ParseAnswer(payload []byte) (Answer, error) {
	var head AnswerHead
	e := open(payload, head.walk)
	m := newAnswer(e.kind)
	if e.readable(m != nil) {
		*m.Head() = head
		e.read(m)
	}
	if e.f.fault != nil {
		return nil, e.faulty(head.Sequence, head.Reference)
	}
	return m, nil
}

// ParseHead reads the head of any message of the core, in any version. Its error is a *Fault.
func ParseHead(payload []byte) (Type, AnswerHead, error) {
	var head AnswerHead
	e := open(payload, head.walk)
	if e.f.fault != nil {
		return 0, AnswerHead{}, e.faulty(head.Sequence, head.Reference)
	}
	return e.kind, head, nil
}

// Story reads only the type of an answer and the id of its trade or check, ten times faster than ParseAnswer. The id is empty if
// the answer is about none or cannot be read.
func Story(payload []byte) (t Type, id string) {
	var head AnswerHead
	e := open(payload, head.walk)
	var skipped Type
	switch e.kind {
	case TypePending:
		octet(e.f, "of", &skipped)
	case TypeExecuted, TypeTradeRejected:
	case TypeReportAnswered:
		octet(e.f, "outcome", &skipped)
	case TypeLineChecked:
		octet(e.f, "outcome", &skipped)
		octet(e.f, "action", &skipped)
	default:
		return e.kind, ""
	}
	e.f.text("id", &id, required(maxReference))
	if e.f.fault != nil || e.version.Major() != Current.Major() {
		return e.kind, ""
	}
	return e.kind, id
}

// envelope is a message of which type, version and head were read.
type envelope struct {
	f       *fields
	kind    Type
	version Version
}

func open(payload []byte, head func(*fields)) envelope {
	e := envelope{f: &fields{mode: reading, buf: payload}}
	octet(e.f, "type", &e.kind)
	octet(e.f, "version", &e.version)
	e.f.minor, e.f.newer = e.version.Minor(), e.version.Minor() > Current.Minor()
	head(e.f)
	return e
}

// readable returns a fault if the rest of the message cannot be read.
func (e envelope) readable(known bool) bool {
	switch {
	case e.f.fault != nil:
	case !known:
		e.f.fault = &Fault{Reason: UnknownType, Field: "type", Rule: "no message of this type is served"}
	case e.version.Major() != Current.Major():
		e.f.fault = &Fault{Reason: UnknownVersion, Field: "version", Rule: "this side speaks " + Current.String()}
	}
	return e.f.fault == nil
}

func (e envelope) read(m Message) {
	m.fields(e.f)
	e.f.end()
}

// faulty adds the values of the head to a fault.
func (e envelope) faulty(sequence uint64, reference string) *Fault {
	fault := e.f.fault
	fault.Type, fault.Version, fault.Sequence, fault.Reference = e.kind, e.version, sequence, reference
	return fault
}

func newRequest(t Type) Request {
	switch t {
	case TypeTradeRequest:
		return &TradeRequest{}
	case TypeTradeReport:
		return &TradeReport{}
	case TypeLineCheck:
		return &LineCheck{}
	case TypeStatusRequest:
		return &StatusRequest{}
	default:
		return nil
	}
}

func newAnswer(t Type) Answer {
	switch t {
	case TypePending:
		return &Pending{}
	case TypeExecuted:
		return &Executed{}
	case TypeTradeRejected:
		return &TradeRejected{}
	case TypeReportAnswered:
		return &ReportAnswered{}
	case TypeLineChecked:
		return &LineChecked{}
	case TypeStatus:
		return &Status{}
	case TypeBusinessReject:
		return &BusinessReject{}
	default:
		return nil
	}
}
