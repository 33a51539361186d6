package amqp

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/signing"
)

var farmers = Publishers{"grain.sent": {"farm", "mill"}, "grain.ground": {"mill"}, "flour.sold": {"mill"}}

const (
	brokerOf = "amqp://bakery:secret@localhost/"
	proofKey = "a key of proofs with 32 characters"
)

func proofsBy(keys string) proofs { return newProofs(Config{URL: brokerOf, ProofKeys: keys}) }

func bakery(proven bool) guard {
	p := proofsBy(proofKey)
	return guard{user: p.user, queue: "bakery", bindings: []Binding{{"food", "grain.*.*"}}, publishers: farmers, proven: proven, proofs: p}
}

// sack is a message with one event, as its publisher sends it.
func sack(user, key string, e event.Event) amqp091.Delivery {
	return amqp091.Delivery{Exchange: "food", RoutingKey: key, UserId: user, ContentType: event.MediaType, Body: event.Append(nil, e)}
}

// rested is a message that the bakery has put aside.
func rested(d amqp091.Delivery) amqp091.Delivery {
	d.Exchange = ""
	d.Headers = amqp091.Table{headerProof: proofsBy(proofKey).of("bakery", d.UserId, d.ContentType, d.Body)}
	return d
}

func grain(typ, origin string) event.Event {
	return event.Event{ID: "1", Type: event.Type{Name: typ, Version: 1}, Origin: origin, Correlation: "c", Data: []byte(`{}`)}
}

func TestOnlyWhatItsPublisherMayPublishIsRead(t *testing.T) {
	ground := grain("grain.ground", "north")
	for name, c := range map[string]struct {
		d    amqp091.Delivery
		good bool
	}{
		"its publisher":            {sack("mill", "grain.ground.north", ground), true},
		"of shared origin":         {sack("mill", "grain.ground.all", ground), true},
		"another program":          {sack("farm", "grain.ground.north", ground), false},
		"nobody":                   {sack("", "grain.ground.north", ground), false},
		"another origin":           {sack("mill", "grain.ground.south", ground), false},
		"another type in the body": {sack("farm", "grain.sent.north", ground), false},
		"an unknown type":          {sack("mill", "grain.stolen.north", grain("grain.stolen", "north")), false},
		"no key":                   {sack("mill", "bakery", ground), false},
		"by the default exchange":  {func() amqp091.Delivery { d := sack("mill", "grain.ground.north", ground); d.Exchange = ""; return d }(), false},
		"a copy from elsewhere": {func() amqp091.Delivery {
			d := sack("mill", "grain.ground.north", ground)
			d.Exchange = "tools"
			return d
		}(), false},
		"a copy of another key":       {sack("mill", "flour.sold.north", grain("flour.sold", "north")), false},
		"back from its rest":          {rested(sack("bakery", "bakery", ground)), true},
		"put there by a thief":        {func() amqp091.Delivery { d := sack("bakery", "bakery", ground); d.Exchange = ""; return d }(), false},
		"another's, back from a rest": {func() amqp091.Delivery { d := sack("farm", "bakery", ground); d.Exchange = ""; return d }(), false},
	} {
		events, err := bakery(false).read(c.d)
		if c.good != (err == nil) || !c.good && !errors.Is(err, ErrNotAuthentic) {
			t.Errorf("%s: %v", name, err)
		}
		if c.good && events[0].Publisher != c.d.UserId {
			t.Errorf("%s: published by %q", name, events[0].Publisher)
		}
	}
}

func TestABatchWithOneForeignEventIsRefusedAsAWhole(t *testing.T) {
	d := sack("farm", "grain.sent.all", grain("grain.sent", "north"))
	d.ContentType, d.Body = event.MediaTypeBatch, event.AppendBatch(nil, []event.Event{grain("grain.sent", "north"), grain("grain.ground", "north")})
	if _, err := bakery(false).read(d); !errors.Is(err, ErrNotAuthentic) {
		t.Error(err)
	}
}

// A message that failed comes back by another program, which vouches for nothing. The proof says that it was authentic when it failed.
func TestAReplayedMessageKeepsItsProof(t *testing.T) {
	g := bakery(true)
	d := sack("monitoring", "bakery", grain("grain.ground", "north"))
	d.Exchange = ReplayExchange
	d.Headers = ProofHeaders("mill", g.proofs.of("bakery", "mill", d.ContentType, d.Body))
	events, err := g.read(d)
	if err != nil || events[0].Publisher != "mill" {
		t.Fatalf("%v, published by %+v", err, events)
	}
	refused := func(what string, g guard, d amqp091.Delivery) {
		t.Helper()
		if _, err := g.read(d); !errors.Is(err, ErrNotAuthentic) {
			t.Errorf("%s: %v", what, err)
		}
	}
	edited := d
	edited.Body = event.Append(nil, grain("grain.ground", "south"))
	refused("edited", g, edited)
	if _, err := bakery(false).read(edited); err != nil {
		t.Errorf("edited, where nothing must be signed: %v", err)
	}
	elsewhere := g
	elsewhere.queue = "inn"
	refused("into another queue", elsewhere, d)
	other := g
	other.proofs = proofsBy(strings.ToUpper(proofKey))
	refused("proven by another key", other, d)
	keyless := g
	keyless.proofs = proofsBy("")
	refused("to who has no key", keyless, d)
	rotated := g
	rotated.proofs = proofsBy(strings.ToUpper(proofKey) + "," + proofKey)
	if _, err := rotated.read(d); err != nil {
		t.Errorf("proven by the key before: %v", err)
	}
	if made := rotated.proofs.of("bakery", "mill", d.ContentType, d.Body); made == d.Headers[headerProof] {
		t.Error("a new proof is made by the key before")
	}
	d.Headers = ProofHeaders("farm", d.Headers[headerProof].(string)) //nolint:forcetypeassert // set above
	refused("in another's name", g, d)
	d.Headers = nil
	refused("without a proof", g, d)
}

// keys returns a key and its public half.
func keys(t testing.TB) (signing.Key, signing.PublicKey) {
	t.Helper()
	key, err := signing.New()
	if err != nil {
		t.Fatal(err)
	}
	return key, key.Public()
}

func always(s Signers) *follow.File[Signers] { return follow.Always(s) }

func signedSack(key signing.Key) amqp091.Delivery {
	d := sack("mill", "grain.ground.north", grain("grain.ground", "north"))
	p := &parcel{exchange: d.Exchange, key: d.RoutingKey, msg: amqp091.Publishing{ContentType: d.ContentType, Body: d.Body}}
	sign(key, p)
	d.Headers = p.msg.Headers
	return d
}

func TestWhatMustBeSignedIsReadOnlyWithItsPublishersSignature(t *testing.T) {
	former, formerPublic := keys(t)
	current, public := keys(t)
	stranger, strangers := keys(t)
	g := bakery(true)
	g.signers = always(Signers{"mill": {public, formerPublic}, "farm": {strangers}})
	for name, key := range map[string]signing.Key{"its key": current, "the key that it had before": former} {
		if _, err := g.read(signedSack(key)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	changed, moved, bare, cut := signedSack(current), signedSack(current), signedSack(current), signedSack(current)
	changed.Body = event.Append(nil, grain("grain.ground", "north"))
	changed.Body[len(changed.Body)-2] = ' '
	moved.RoutingKey = "grain.ground.all"
	bare.Headers = nil
	cut.Headers = amqp091.Table{headerKeyID: current.Public().ID(), headerSignature: "AAAA"}
	retired := g
	retired.signers = always(Signers{"mill": {public}})
	for name, c := range map[string]struct {
		g guard
		d amqp091.Delivery
	}{
		"changed": {g, changed}, "under another key": {g, moved}, "unsigned": {g, bare}, "cut": {g, cut},
		"by a stranger": {g, signedSack(stranger)}, "by a key that has gone": {retired, signedSack(former)}, "without any keys": {bakery(true), signedSack(current)},
	} {
		if _, err := c.g.read(c.d); !errors.Is(err, ErrNotAuthentic) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTextsOfTrustAreChecked(t *testing.T) {
	for _, c := range []Config{{Publishers: "{}"}, {Publishers: "x"}, {Signers: "x"}, {Signers: `{"mill":["AAAA"]}`}, {SigningKey: "AAAA"}} {
		if err := c.validTrust(); err == nil {
			t.Errorf("%+v is valid", c)
		}
	}
}

func BenchmarkAdmit(b *testing.B) {
	g, d := bakery(false), sack("mill", "grain.ground.north", grain("grain.ground", "north"))
	e := grain("grain.ground", "north")
	for b.Loop() {
		how, err := g.admit(d)
		if err == nil {
			err = how.matches(d, e)
		}
		if err != nil {
			b.Fatal(err)
		}
	}
}

// of50 is a message of 50 events of 1,500 bytes, as busy trading publishes them.
func of50(key signing.Key) *parcel {
	p := &parcel{exchange: "food", key: "grain.ground.all", msg: amqp091.Publishing{ContentType: event.MediaTypeBatch, Body: make([]byte, 50*1_500)}}
	if !key.IsZero() {
		sign(key, p)
	}
	return p
}

func BenchmarkSign(b *testing.B) {
	key, _ := keys(b)
	p := of50(signing.Key{})
	for b.Loop() {
		sign(key, p)
	}
}

func BenchmarkVerify(b *testing.B) {
	key, public := keys(b)
	p := of50(key)
	d := amqp091.Delivery{Exchange: p.exchange, RoutingKey: p.key, UserId: "mill", ContentType: p.msg.ContentType, Body: p.msg.Body, Headers: p.msg.Headers}
	signers := Signers{"mill": {public}}
	for b.Loop() {
		if err := signers.verify(d); err != nil {
			b.Fatal(err)
		}
	}
}

func TestAHandlerThatPanicsFailsOneEventAndNotItsNeighbours(t *testing.T) {
	calls := 0
	h := HandlerFunc(func(_ context.Context, events []event.Event) []Result {
		for _, e := range events {
			if e.ID == "bad" {
				calls++
				panic("a nil map")
			}
		}
		return make([]Result, len(events))
	})
	results := inParts(t.Context(), h, []event.Event{{ID: "a"}, {ID: "bad"}, {ID: "c"}}, 0)
	if len(results) != 3 || results[0].Err != nil || results[2].Err != nil || results[1].Err == nil || Retried(results[1].Err) {
		t.Errorf("%+v", results)
	}
	if calls > 2 {
		t.Errorf("the bad event was handled %d times", calls)
	}
}

// A message of which everybody dies goes to the error queue undecoded, with the proof that it was authentic, so that it can be replayed.
func TestAMessageThatNobodyAnswersIsGivenUpBeforeItIsDecoded(t *testing.T) {
	queue := Queue{Name: "bakery", Bindings: []Binding{{"food", "grain.*.*"}}}
	b := Open(Config{URL: brokerOf, ProofKeys: proofKey, Publishers: `{"grain.ground":["mill"]}`}, Topology{Service: "bakery", Queues: []Queue{queue}}, "bakery/1",
		slog.New(slog.DiscardHandler))
	out := newSettler(b, "bakery", nil)
	deadly, foreign, first := sack("mill", "grain.ground.north", grain("grain.ground", "north")), sack("farm", "grain.ground.north", event.Event{}), sack("mill", "grain.ground.north", grain("grain.ground", "north"))
	deadly.Body = []byte("[[[[")
	deadly.Headers = amqp091.Table{"x-delivery-count": int64(lastDelivery)}
	foreign.Headers = deadly.Headers
	first.Headers = amqp091.Table{"x-delivery-count": int64(1)}
	events, from := decode([]amqp091.Delivery{deadly, foreign, first}, out)
	if len(events) != 1 || from[0] != 2 || len(out.extra) != 2 {
		t.Fatalf("%d events, %d given up", len(events), len(out.extra))
	}
	back := amqp091.Delivery{Exchange: ReplayExchange, RoutingKey: "bakery", UserId: "monitoring", ContentType: deadly.ContentType, Body: deadly.Body, Headers: out.extra[0].msg.Headers}
	if !b.proofs.valid("bakery", back) || out.extra[0].exchange != ErrorQueue {
		t.Errorf("%+v has no proof", out.extra[0])
	}
	if proof := out.extra[1].msg.Headers[headerProof]; proof != nil {
		t.Errorf("a foreign message got the proof %v", proof)
	}
}
