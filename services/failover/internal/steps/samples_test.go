package steps_test

import (
	"testing"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/contract"
	"fxcore/services/failover/internal/messages"
	"fxcore/services/failover/internal/plan"
)

// What gateways say is understood.
func TestTheProducersSamplesAreRead(t *testing.T) {
	for _, typ := range []event.Type{contract.InstanceReported, contract.SessionTaken, contract.SessionLeft} {
		e := made(t, typ, "fix", "sample", sample.Of(t, "gateways/internal/duty", typ))
		if typ == contract.InstanceReported {
			r, err := messages.ReadReport(e)
			if err != nil || !r.Ready || len(r.Sessions) != 2 || r.Sessions[0].Epoch == 0 || r.Sessions[0].Since.IsZero() || !r.Sessions[0].LoggedOn {
				t.Errorf("%+v, %v", r, err)
			}
			continue
		}
		if s, err := messages.ReadSession(e); err != nil || (typ == contract.SessionLeft) != (s.Cause != "") {
			t.Errorf("%+v, %v", s, err)
		}
	}
}

// The samples that readers are tested against are what is published.
func TestSamplesAreWhatIsPublished(t *testing.T) {
	_, h := begun(t)
	sample.Is(t, "../messages/samples", contract.MoveRequested, handle(t, h, commanded(t, plan.CommandMove, "A", "fix/2"))[0])
	sample.Is(t, "../messages/samples", contract.SessionBarred, handle(t, h, word(t, plan.CommandBar, "its key was stolen"))[0])
	sample.Is(t, "../messages/samples", contract.SessionAdmitted, handle(t, h, word(t, plan.CommandAdmit, "it has a new key"))[0])
	sample.Is(t, "../messages/samples", contract.FailoverCommanded, made(t, contract.FailoverCommanded, contract.Operations, "sample", messages.Command{
		Command: plan.CommandMove, Provider: "A", Instance: "fix/2", By: "anna@ops-1", Why: "fix/1 is to be looked at",
	}))
}
