package ticket

import "fxcore/scripts/internal/fixwire"

// Outcome is the meaning of an answer.
type Outcome int

// The outcomes.
const (
	Pending  Outcome = iota // received, not yet decided
	Granted                 // filled, accepted, approved, consumed or cancelled
	Rejected                // rejected by the core; the answer's text says why
	Refused                 // the core did not understand the message: our fault
)

// Answer is one answer of the core.
type Answer struct {
	Outcome   Outcome
	Reference string
	Text      string // why it was rejected or refused
}

// Read returns what a message answers; false if it is no answer.
func Read(m *fixwire.Message) (Answer, bool) {
	switch m.Kind {
	case "8": // ExecutionReport: ExecType (150) A pending new, F trade, 8 rejected
		return Answer{execution(m.Text(150)), m.Text(11), m.Text(58)}, true
	case "AR": // TradeCaptureReportAck: TrdRptStatus (939) 0 accepted, 1 rejected
		return Answer{either(m.Text(939) == "0"), m.Text(571), m.Text(58)}, true
	case "DG", "UDG": // PartyRiskLimitCheckRequestAck: RiskLimitCheckRequestStatus (2325) 0 approved, 2 rejected, 4 cancelled
		return Answer{either(m.Text(2325) != "2"), m.Text(2318), m.Text(1328)}, true
	case "3", "j": // Reject, BusinessMessageReject
		return Answer{Refused, m.Text(379), m.Text(58)}, true
	}
	return Answer{}, false
}

func execution(execType string) Outcome {
	if execType == "A" {
		return Pending
	}
	return either(execType == "F")
}

func either(granted bool) Outcome {
	if granted {
		return Granted
	}
	return Rejected
}
