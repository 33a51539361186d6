package amqp

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/event"
)

// replace writes a file as a rotation does.
func replace(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path+".new", []byte(content+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
}

// A signer's key is replaced while both programs run. No message is refused: the reader knows the new key before it is used, and the one before until nothing
// waits that it has signed.
func TestAKeyIsReplacedWithoutAMessageThatIsRefused(t *testing.T) {
	folder := t.TempDir()
	signersFile, keyFile := filepath.Join(folder, "signers"), filepath.Join(folder, "key")
	first, firstPublic := keys(t)
	second, secondPublic := keys(t)
	list := func(s Signers) string {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	replace(t, keyFile, first.Reveal())
	replace(t, signersFile, list(Signers{"mill": {firstPublic}}))
	g := bakery(true)
	g.signers = Config{Signers: list(Signers{"mill": {firstPublic}}), SignersFile: signersFile}.FollowSigners()
	b := Open(Config{URL: "amqp://mill:x@broker/", SigningKey: first.Reveal(), SigningKeyFile: keyFile, Publishers: `{"grain.ground":["mill"]}`}, Topology{Service: "mill"}, "mill/1", nil)
	read := func(step string, good bool, id string) {
		t.Helper()
		d := signedSack(b.key.Now())
		if got, _ := d.Headers[headerKeyID].(string); got != id {
			t.Errorf("%s: signed by %s, not by %s", step, got, id)
		}
		if _, err := g.read(d); (err == nil) != good || err != nil && !errors.Is(err, ErrNotAuthentic) {
			t.Errorf("%s: %v", step, err)
		}
	}
	read("before", true, firstPublic.ID())
	waits := signedSack(b.key.Now())
	replace(t, signersFile, list(Signers{"mill": {firstPublic, secondPublic}}))
	read("announced", true, firstPublic.ID())
	replace(t, keyFile, second.Reveal())
	read("in use", true, secondPublic.ID())
	if _, err := g.read(waits); err != nil {
		t.Errorf("what waits: %v", err)
	}
	replace(t, signersFile, list(Signers{"mill": {secondPublic}}))
	read("the one before is gone", true, secondPublic.ID())
	if _, err := g.read(waits); !errors.Is(err, ErrNotAuthentic) {
		t.Errorf("by the key before: %v", err)
	}
	replace(t, keyFile, "not a key")
	read("with a file that is no key", true, secondPublic.ID())
}

// A command keeps its proof; the next one is proven by the new key.
func TestAProofIsMadeByTheKeyInUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "key")
	first, firstPublic := keys(t)
	second, secondPublic := keys(t)
	replace(t, file, first.Reveal())
	topology := Topology{Service: "auth", Publishes: []Publication{Publication{Exchange: "fx.ops", Type: baked}.WithProof()}}
	b := Open(Config{URL: "amqp://auth:x@broker/", SigningKey: first.Reveal(), SigningKeyFile: file, Publishers: `{"oven.commanded":["auth"]}`}, topology, "auth/1", nil)
	e := event.Event{ID: "1", Type: baked, Origin: "operations", Correlation: "story", Deadline: time.Now().Add(time.Minute), Data: json.RawMessage("{}")}
	for _, public := range []Signers{{"auth": {firstPublic}}, {"auth": {secondPublic}}} {
		events, err := b.proved(topology, []event.Event{e})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := public.ProvenBy(events[0], "auth"); err != nil {
			t.Error(err)
		}
		replace(t, file, second.Reveal())
	}
}

// The next connection comes by the URL that the file has then.
func TestTheURLOfTheNextConnectionIsThatOfItsFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "url")
	replace(t, file, "amqps://mill:first@broker/")
	l := newLink("mill", Config{URL: "amqps://mill:first@broker/", URLFile: file}, nil, nil)
	for _, want := range []string{"amqps://mill:first@broker/", "amqps://mill:second@broker/"} {
		replace(t, file, want)
		if got := l.url.Now(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	replace(t, file, "no address")
	if got := l.url.Now(); got != "amqps://mill:second@broker/" {
		t.Errorf("with a file that is no address: %s", got)
	}
}
