package witness

import (
	"cmp"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
)

// read returns what a message of the core answers; false if it is no answer.
func read(m *fixwire.Message) (oracle.Answer, bool) {
	a := oracle.Answer{Form: m.Kind, Seq: m.Seq, Again: m.Text(43) == "Y"}
	switch m.Kind {
	case "8": // ExecutionReport: ExecType (150) A pending new, F trade, 8 rejected
		a.Reference, a.ID, a.ExecID, a.Reason, a.Text = m.Text(11), m.Text(37), m.Text(17), m.Text(103), m.Text(58)
		a.State = map[string]oracle.State{"A": oracle.Pending, "F": oracle.Accepted, "8": oracle.Rejected}[m.Text(150)]
	case "AR": // TradeCaptureReportAck: TrdRptStatus (939) 0 accepted, 1 rejected
		a.Reference, a.ID, a.Reason, a.Text = m.Text(571), cmp.Or(m.Text(1003), m.Text(818)), m.Text(751), m.Text(58)
		a.State = either(m.Text(939) == "0")
	case "DG", "UDG": // PartyRiskLimitCheckRequestAck: RiskLimitCheckRequestStatus (2325) 0 approved, 2 rejected, 4 cancelled
		a.Reference, a.ID, a.Reason, a.Text = m.Text(2318), m.Text(2319), m.Text(2326), m.Text(1328)
		a.State = either(m.Text(2325) != "2")
	case "3":
		a.State, a.Reason, a.Text = oracle.Refused, m.Text(373), m.Text(58)
	case "j": // BusinessRejectReason (380) 4: the core has no room, so the request is sent again
		a.Reference, a.Reason, a.Text, a.State = m.Text(379), m.Text(380), m.Text(58), oracle.Refused
		if a.Reason == "4" {
			a.State = oracle.Busy
		}
	default:
		return a, false
	}
	return a, true
}

func either(accepted bool) oracle.State {
	if accepted {
		return oracle.Accepted
	}
	return oracle.Rejected
}
