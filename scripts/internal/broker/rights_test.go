package broker_test

import (
	"regexp"
	"testing"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/scripts/internal/broker"
)

// What a program may do is what it declares, and nothing that looks like it.
func TestAUsersRightsAreItsDeclarations(t *testing.T) {
	mill := amqp.Topology{
		Service: "mill",
		Queues: []amqp.Queue{
			{Name: "mill", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.sent.*"}}},
			{Name: "mill.provider", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.asked.provider"}}},
		},
		Publishes: []amqp.Publication{
			{Exchange: "food", Type: event.Type{Name: "grain.ground", Version: 1}},
			{Exchange: "food", Type: event.Type{Name: "bran.left", Version: 1}, Shared: true},
			{Exchange: "news", Type: event.Type{Name: "mill.opened", Version: 1}, Origin: "north"},
		},
	}
	d := broker.Of("/", []amqp.Topology{mill}, broker.Providers{mill.Service: {"alpha"}})
	if len(d.Permissions) != 1 || d.Permissions[0].User != "mill" {
		t.Fatalf("%+v", d.Permissions)
	}
	p := d.Permissions[0]
	check := func(what, expression string, good, bad []string) {
		t.Helper()
		rule := regexp.MustCompile(expression)
		for _, text := range good {
			if !rule.MatchString(text) {
				t.Errorf("%s: %s must not %q", what, expression, text)
			}
		}
		for _, text := range bad {
			if rule.MatchString(text) {
				t.Errorf("%s: %s may %q", what, expression, text)
			}
		}
	}
	check("configures", p.Configure, nil, []string{"mill", "food", "x"})
	check("reads", p.Read, []string{"mill", "mill.alpha"}, []string{"mil", "inn.retry", "mill.alpha.retry", "food", "fx.errors", "xmill", "amq.default"})
	check("writes", p.Write, []string{"food", "news", "fx.errors", "fx.logs", "fx.rest"}, []string{"foods", "mill", "fx.replay", "amq.default", "fx.unroutable", "fxxlogs"})
	keys := map[string]string{}
	for _, topic := range d.TopicPermissions {
		keys[topic.Exchange] = topic.Write
	}
	check("publishes", keys["food"], []string{"grain.ground.north", "bran.left.all"}, []string{"grain.sent.north", "bran.left.north", "grain.ground", "grain.ground.a.b", "grainXground.a"})
	check("tells", keys["news"], []string{"mill.opened.north"}, []string{"mill.opened.south"})
	check("lets rest", keys["fx.rest"], []string{"mill.retry", "mill.alpha.retry"}, []string{"inn.retry", "mill"})
	for _, u := range d.Users {
		if u.PasswordHash != "" {
			t.Errorf("%s has a password in the file", u.Name)
		}
	}
}

func TestWhoPublishesATypeIsWhoDeclaresIt(t *testing.T) {
	grain := amqp.Publication{Exchange: "food", Type: event.Type{Name: "grain.sent", Version: 1}}
	ours := amqp.Publication{Exchange: "food", Type: event.Type{Name: "grain.ground", Version: 1}}.WithSignature()
	all := []amqp.Topology{{Service: "mill", Publishes: []amqp.Publication{ours, grain}}, {Service: "farm", Publishes: []amqp.Publication{grain}}}
	got := broker.Publishers(all)
	if len(got) != 2 || len(got["grain.sent"]) != 2 || got["grain.sent"][0] != "farm" || got["grain.ground"][0] != "mill" {
		t.Errorf("%v", got)
	}
	if signers := broker.Signers(all); len(signers) != 1 || signers[0] != "mill" {
		t.Errorf("%v sign", signers)
	}
}
