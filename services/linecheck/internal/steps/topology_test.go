package steps

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/contract"
)

// Replicas of the version before read the other queues, and would send the message to the error queue.
func TestSettledLegsComeByAQueueThatOlderReplicasDoNotRead(t *testing.T) {
	var queues []string
	for _, q := range Topology().Queues {
		for _, b := range q.Bindings {
			if b == contract.Bindings(contract.SettlementSettled)[0] {
				queues = append(queues, q.Name)
			}
		}
	}
	if diff := cmp.Diff([]string{"linecheck.settled"}, queues); diff != "" {
		t.Error(diff)
	}
}
