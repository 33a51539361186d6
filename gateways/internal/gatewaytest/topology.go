package gatewaytest

import (
	"strings"
	"testing"

	"fxcore/lambda/amqp"
)

// ExpectQueues checks the queues of a gateway by their names, in order. The first one is the queue of answers to a provider. It is
// bound by six keys that end with the provider.
func ExpectQueues(t *testing.T, topology amqp.Topology, provider string, names ...string) {
	t.Helper()
	var got []string
	for _, q := range topology.Queues {
		got = append(got, q.Name)
	}
	if strings.Join(got, " ") != strings.Join(names, " ") {
		t.Fatalf("queues %q, want %q", got, names)
	}
	keys := 0
	for _, b := range topology.Queues[0].Bindings {
		if keys++; !strings.HasSuffix(b.Key, "."+provider) {
			t.Errorf("bound to %s", b.Key)
		}
	}
	if keys != 6 {
		t.Errorf("%d bindings", keys)
	}
}
