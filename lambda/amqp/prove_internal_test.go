package amqp

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/signing"
)

var baked = event.Type{Name: "oven.commanded", Version: 1}

// ordered is a command with a proof by a key.
func ordered(t *testing.T, k signing.Key) event.Event {
	t.Helper()
	e, err := event.New(baked, "1", "operations", "story", json.RawMessage(`{"command":"open","by":"U0013"}`))
	if err != nil {
		t.Fatal(err)
	}
	e.Deadline = time.Date(2026, 11, 24, 12, 0, 0, 123456789, time.UTC)
	if e, err = prove(k, e); err != nil {
		t.Fatal(err)
	}
	return e
}

// A proof is good for the command that was signed, wherever it travels, and for no other.
func TestAProofIsOfOneCommand(t *testing.T) {
	k, public := keys(t)
	other, otherPublic := keys(t)
	signers := Signers{"auth": {otherPublic, public}, "baker": {otherPublic}}
	travelled := func(e event.Event) event.Event {
		t.Helper()
		events, err := event.Decode(event.MediaTypeBatch, event.AppendBatch(nil, []event.Event{e, e}))
		if err != nil {
			t.Fatal(err)
		}
		return events[1]
	}
	e := travelled(ordered(t, k))
	if by, err := signers.ProvenBy(e, "auth", "breakglass"); err != nil || by != "auth" {
		t.Fatal(by, err)
	}
	for what, change := range map[string]func(*event.Event){
		"another id":          func(e *event.Event) { e.ID = "2" },
		"another type":        func(e *event.Event) { e.Type.Name = "door.commanded" },
		"another origin":      func(e *event.Event) { e.Origin = "api" },
		"another story":       func(e *event.Event) { e.Correlation = "other" },
		"a later deadline":    func(e *event.Event) { e.Deadline = e.Deadline.Add(time.Hour) },
		"no deadline":         func(e *event.Event) { e.Deadline = time.Time{} },
		"another person":      func(e *event.Event) { e.Data = json.RawMessage(strings.Replace(string(e.Data), "U0013", "U0014", 1)) },
		"no proof":            func(e *event.Event) { e.Proof = "" },
		"half a proof":        func(e *event.Event) { e.Proof = e.Proof[:30] },
		"another's signature": func(e *event.Event) { e.Proof = ordered(t, other).Proof[:13] + e.Proof[13:] },
	} {
		forged := e
		change(&forged)
		if by, err := signers.ProvenBy(forged, "auth"); err == nil {
			t.Errorf("%s: proven by %s", what, by)
		}
	}
	if by, err := signers.ProvenBy(e, "baker", "nobody"); err == nil {
		t.Errorf("proven by %s, who has another key", by)
	}
	late, err := event.New(baked, "1", "operations", "story", json.RawMessage("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prove(k, late); err == nil {
		t.Error("a command without a deadline is signed")
	}
}

// The publisher's credentials do not do, and neither do those of the reader: not by its place of rest, and not by a replay with a proof of its
// own.
func TestACommandWithoutAProofIsNotTaken(t *testing.T) {
	k, public := keys(t)
	g := guard{
		user: "baker", queue: "baker", bindings: []Binding{{"fx.ops", "oven.#"}}, publishers: Publishers{baked.Name: {"auth", "baker"}}, signers: always(Signers{"auth": {public}}),
		proofs: newProofs(Config{URL: "amqp://baker:secret@broker/", ProofKeys: proofKey}), proofsBy: map[string][]string{baked.Name: {"auth", "breakglass"}},
	}
	proven := ordered(t, k)
	bare := proven
	bare.Proof = ""
	for what, d := range map[string]amqp091.Delivery{
		"published": {Exchange: "fx.ops", RoutingKey: baked.Name + ".operations", UserId: "baker"},
		"rested":    {Exchange: "", RoutingKey: "baker", UserId: "baker"},
		"replayed":  {Exchange: ReplayExchange, RoutingKey: "baker", UserId: "monitoring"},
	} {
		for _, e := range []event.Event{proven, bare} {
			d.ContentType, d.Body = event.MediaType, event.Append(nil, e)
			d.Headers = amqp091.Table{headerPublisher: "auth", headerProof: g.proofs.of(g.queue, "auth", d.ContentType, d.Body)}
			_, err := g.read(d)
			if (err == nil) != (e.Proof != "") || err != nil && !errors.Is(err, ErrNotAuthentic) {
				t.Errorf("%s, proof %q: %v", what, e.Proof, err)
			}
		}
	}
}

// What auth emits is signed when it is packed, each time in the same way; a program without a key publishes no command.
func TestACommandIsSignedWhenItIsPublished(t *testing.T) {
	key, public := keys(t)
	topology := Topology{Service: "auth", Publishes: []Publication{Publication{Exchange: "fx.ops", Type: baked}.WithProof()}}
	e := event.Event{ID: "1", Type: baked, Origin: "operations", Correlation: "story", Deadline: time.Now().Add(time.Minute), Data: json.RawMessage("{}")}
	b := Open(Config{URL: "amqp://auth:x@broker/", SigningKey: key.Reveal(), Publishers: `{"oven.commanded":["auth"]}`}, topology, "auth/1", nil)
	given := []event.Event{e}
	for range 2 {
		parcels, err := b.pack(given)
		if err != nil {
			t.Fatal(err)
		}
		events, err := event.Decode(parcels[0].msg.ContentType, parcels[0].msg.Body)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := (Signers{"auth": {public}}).ProvenBy(events[0], "auth"); err != nil {
			t.Error(err)
		}
	}
	if given[0].Proof != "" {
		t.Error("the caller's events were changed")
	}
	without := Open(Config{URL: "amqp://auth:x@broker/", Publishers: `{"oven.commanded":["auth"]}`}, topology, "auth/1", nil)
	if _, err := without.pack(given); err == nil {
		t.Error("a command is published without a proof")
	}
}
