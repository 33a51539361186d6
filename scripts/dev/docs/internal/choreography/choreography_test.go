package choreography_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/scripts/dev/docs/internal/choreography"
)

// mill is an example: the farm sends grain, the mill grinds or refuses it, the bakery bakes.
func mill() []amqp.Topology {
	return []amqp.Topology{
		{Service: "farm", Publishes: []amqp.Publication{publication("grain.sent")}, Queues: []amqp.Queue{queue("farm", "grain.refused.#")}},
		{Service: "mill", Publishes: []amqp.Publication{publication("grain.ground"), publication("grain.refused")}, Queues: []amqp.Queue{queue("mill", "grain.sent.*")}},
		{Service: "bakery", Queues: []amqp.Queue{queue("bakery", "*.ground.*")}},
	}
}

const flows = `
# how bread comes about
*: grain.sent
grain.sent: grain.ground grain.refused
`

func publication(name string) amqp.Publication {
	return amqp.Publication{Exchange: "food", Type: event.Type{Name: name, Version: 1}, Purpose: "says so", Sample: json.RawMessage(`{}`)}
}

func queue(name, key string) amqp.Queue {
	return amqp.Queue{Name: name, Purpose: "does so", Bindings: []amqp.Binding{{Exchange: "food", Key: key}}}
}

func of(t *testing.T, topologies []amqp.Topology, text string) (choreography.Choreography, []string) {
	t.Helper()
	parsed, err := choreography.ParseFlows(text)
	if err != nil {
		t.Fatal(err)
	}
	return choreography.Of(topologies, parsed)
}

func TestASoundChoreographyIsPutTogether(t *testing.T) {
	c, faults := of(t, mill(), flows)
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	var got []string
	for _, m := range c.Messages {
		got = append(got, m.Publishers[0].Service+" "+m.Type.Name+" "+m.Readers[0].Name+" "+strings.Join(m.Leads, ","))
	}
	want := []string{"farm grain.sent mill grain.ground,grain.refused", "mill grain.ground bakery ", "mill grain.refused farm "}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

func TestWhatDoesNotFitIsAFault(t *testing.T) {
	cases := []struct {
		name  string
		spoil func([]amqp.Topology)
		flows string
		fault string
	}{
		{"consumed, not published", func(all []amqp.Topology) { all[2].Queues[0].Bindings[0].Key = "grain.baked.*" }, flows, "queue bakery of bakery waits for grain.baked.* at food, which nobody publishes"},
		{"consumed at another exchange", func(all []amqp.Topology) { all[2].Queues[0].Bindings[0].Exchange = "drink" }, flows, "waits for *.ground.* at drink"},
		{"published, not read", func(all []amqp.Topology) { all[2].Queues = nil }, flows, "mill publishes grain.ground at food, which no queue reads"},
		{"published as unread, and read", func(all []amqp.Topology) { all[1].Publishes[0].Unread = true }, flows, "mill publishes grain.ground as a message without readers, but bakery reads it"},
		{"taken with a signature, published without one", func(all []amqp.Topology) { all[2].Queues[0].Proven = true }, flows, "takes grain.ground only with a signature, and mill does not sign it"},
		{"a key without the origin", func(all []amqp.Topology) { all[1].Queues[0].Bindings[0].Key = "grain.sent" }, flows, "queue mill of mill waits for grain.sent at food"},
		{"one origin of a message with one routing key for all origins", func(all []amqp.Topology) {
			all[0].Publishes[0].Shared = true
			all[1].Queues[0].Bindings[0].Key = "grain.sent.north"
		}, flows, "queue mill of mill waits for grain.sent.north, but grain.sent is published under one routing key for all origins"},
		{"two owners of a queue", func(all []amqp.Topology) { all[2].Queues[0].Name = "mill" }, flows, "queue mill is declared by mill and by bakery"},
		{"two queues of a service for one message", func(all []amqp.Topology) {
			all[1].Queues = append(all[1].Queues, queue("store", all[1].Queues[0].Bindings[0].Key))
		}, flows, "queues mill and store of mill both bring"},
		{"two versions of a name", func(all []amqp.Topology) {
			p := publication("grain.sent")
			p.Type.Version = 2
			all[1].Publishes = append(all[1].Publishes, p)
		}, flows, "mill publishes grain.sent.v2 at food, and farm publishes grain.sent.v1 at food"},
		{"no sample", func(all []amqp.Topology) { all[0].Publishes[0].Sample = nil }, flows, "farm publishes grain.sent.v1 without a purpose or without a sample"},
		{"no purpose of a queue", func(all []amqp.Topology) { all[0].Queues[0].Purpose = "" }, flows, "queue farm of farm has no purpose"},
		{"a message from nowhere", func([]amqp.Topology) {}, "*: grain.sent\ngrain.sent: grain.ground", "no flow says what leads to grain.refused"},
		{"a flow to nothing", func([]amqp.Topology) {}, flows + "grain.ground: bread.baked", "a flow leads to bread.baked, which nobody publishes"},
		{"a flow that nobody can take", func([]amqp.Topology) {}, flows + "grain.ground: grain.refused", "from grain.ground to grain.refused, but no service reads the first"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			all := mill()
			c.spoil(all)
			_, faults := of(t, all, c.flows)
			if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, c.fault) }) {
				t.Errorf("faults are %q, want %q", faults, c.fault)
			}
		})
	}
}

func TestKeysMatchAsATopicExchangeDoesWhateverTheOrigin(t *testing.T) {
	cases := []struct {
		key  string
		read bool
	}{
		{"grain.ground.*", true},
		{"grain.*.farm", true},
		{"*.*.farm", true},
		{"#", true},
		{"grain.#", true},
		{"grain.ground.#", true},
		{"#.farm", true},
		{"grain.#.farm", true},
		{"*.*.*", true},
		{"grain.ground", false},
		{"grain.*", false},
		{"*.sent.*", false},
		{"grain.ground.*.*", false},
		{"", false},
		{"grain.sent.#", false},
	}
	for _, c := range cases {
		all := mill()
		all[2].Queues[0].Bindings[0].Key = c.key
		choreo, _ := of(t, all, flows)
		i := slices.IndexFunc(choreo.Messages, func(m *choreography.Message) bool { return m.Type.Name == "grain.ground" })
		if read := len(choreo.Messages[i].Readers) > 0; read != c.read {
			t.Errorf("%q reads grain.ground: %v, want %v", c.key, read, c.read)
		}
	}
}

func TestAMessageMayBeDeclaredWithoutReaders(t *testing.T) {
	all := mill()
	all[1].Publishes[0].Unread, all[2].Queues = true, nil
	if _, faults := of(t, all, flows); len(faults) > 0 {
		t.Error(faults)
	}
}

func TestAFlowThatIsNoneIsRefused(t *testing.T) {
	if _, err := choreography.ParseFlows("grain.sent -> grain.ground"); err == nil {
		t.Error("accepted")
	}
}
