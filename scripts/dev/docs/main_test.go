package main

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/scripts/internal/broker"
)

var update = flag.Bool("update", false, "write the expected page")

func mill() []amqp.Topology {
	publish := func(name, purpose string) amqp.Publication {
		return amqp.Publication{Exchange: "food", Type: event.Type{Name: name, Version: 1}, Purpose: purpose, Sample: json.RawMessage(`{"sack":"7"}`)}
	}
	queue := func(name, purpose, key string) amqp.Queue {
		return amqp.Queue{Name: name, Purpose: purpose, Bindings: []amqp.Binding{{Exchange: "food", Key: key}}}
	}
	archive := queue("archive", "keeps all news of grain", "grain.#")
	archive.Stream = amqp.Retention{MaxBytes: 1 << 30}
	bakery := queue("bakery", "bakes", "grain.ground.*")
	bakery.Waits = true
	return []amqp.Topology{
		{Service: "farm", Publishes: []amqp.Publication{publish("grain.sent", "A sack is on its way.")}, Queues: []amqp.Queue{queue("farm", "hears of refusals", "grain.refused.*")}},
		{Service: "mill", Publishes: []amqp.Publication{publish("grain.ground", "The sack is flour."), publish("grain.refused", "The sack is wet."), publish("bran.left", "What nobody needs is left.").WithoutReaders()}, Queues: []amqp.Queue{queue("mill", "grinds", "grain.sent.*")}},
		{Service: "bakery", Queues: []amqp.Queue{bakery}},
		{Service: "archive", Queues: []amqp.Queue{archive}},
	}
}

const millFlows = "*: grain.sent\ngrain.sent: grain.ground grain.refused bran.left"

func TestThePageShowsWhoPublishesAndWhoReads(t *testing.T) {
	files, err := render(mill(), millFlows)
	if err != nil {
		t.Fatal(err)
	}
	got := files[filepath.Join("docs", "messages.md")]
	const path = "testdata/mill.md"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil { //nolint:gosec // a source file
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestAnUnsoundChoreographyIsNotWritten(t *testing.T) {
	topologies := mill()[:2] // without the bakery
	if _, err := render(topologies, millFlows); err == nil || !strings.Contains(err.Error(), "grain.ground at food, which no queue reads") {
		t.Errorf("error: %v", err)
	}
}

func TestCheckFailsOnADifferenceAndWritesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "docs", "page.md")
	if err := put(path, []byte("new"), true); err == nil {
		t.Error("a missing file passed the check")
	}
	if err := put(path, []byte("new"), false); err != nil {
		t.Fatal(err)
	}
	if err := put(path, []byte("new"), true); err != nil {
		t.Error(err)
	}
	if err := put(path, []byte("newer"), true); err == nil {
		t.Error("a difference passed the check")
	}
	if content, _ := os.ReadFile(path); string(content) != "new" { //nolint:gosec // in a test's own folder
		t.Errorf("the check wrote %q", content)
	}
}

func TestAQueueOfAnUnnamedProviderBecomesOneOfEach(t *testing.T) {
	gateway := amqp.Topology{Service: "gateway", Queues: []amqp.Queue{
		{Name: "gateway"},
		{Name: "gateway.provider", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.ground.provider"}}},
	}}
	got := broker.ForEach(broker.Providers{"gateway": {"alpha", "beta"}, "other": {"gamma"}}, []amqp.Topology{gateway})[0].Queues
	want := []amqp.Queue{
		{Name: "gateway"},
		{Name: "gateway.alpha", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.ground.alpha"}}},
		{Name: "gateway.beta", Bindings: []amqp.Binding{{Exchange: "food", Key: "grain.ground.beta"}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
