package amqp

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/event"
	"fxcore/lambda/follow"
)

// Publishers are the broker's users that may publish a type, by the type's name. Each program is a user of its own. The broker vouches
// for the user of a message (its property user-id). It comes from the programs' own declarations.
type Publishers map[string][]string

// ParsePublishers reads the publishers' JSON form.
func ParsePublishers(text string) (p Publishers, err error) {
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		return nil, fmt.Errorf("read who publishes what: %w", err)
	}
	if len(p) == 0 {
		return nil, errors.New("read who publishes what: the list is empty")
	}
	return p, nil
}

// ErrNotAuthentic says that a message is not from a program that may publish it.
var ErrNotAuthentic = errors.New("not authentic")

// guard decides which messages of one queue are authentic.
type guard struct {
	user       string // of this program
	queue      string
	bindings   []Binding
	publishers Publishers // nil: whoever the broker lets publish may publish anything
	proven     bool       // takes only signed messages
	signers    *follow.File[Signers]
	proofs     proofs
	proofsBy   map[string][]string // whose proof a type of command needs
}

func (b *Bus) guard(queue string) guard {
	q, _ := b.declared().queue(queue)
	return guard{user: b.user(), queue: queue, bindings: q.Bindings, publishers: b.publishers, proven: q.Proven, signers: b.signers, proofs: b.proofs, proofsBy: q.Proofs}
}

// pass says how a message has proven itself.
type pass int

const (
	byPublisher pass = iota // from a publisher of its type: its events must be what the routing key says
	byUs                    // it was authentic before: this program had put it aside, or into the error queue
)

// admit returns how a message has proven itself, or ErrNotAuthentic. It looks at no byte of the body that is not signed.
func (g guard) admit(d amqp091.Delivery) (pass, error) {
	switch {
	case g.publishers == nil:
		return byUs, nil
	case d.Exchange == ReplayExchange:
		return byUs, g.replayed(d)
	case d.RoutingKey == g.queue && d.UserId == g.user:
		return byUs, g.rested(d)
	}
	name, _ := cutLast(d.RoutingKey)
	if d.Exchange == "" || !slices.Contains(g.publishers[name], d.UserId) {
		return 0, fmt.Errorf("%w: the user %q does not publish %q", ErrNotAuthentic, d.UserId, d.RoutingKey)
	}
	if !routed(g.bindings, d.Exchange, d.RoutingKey) { // the broker checks the key, and not the further ones in the headers CC and BCC
		return 0, fmt.Errorf("%w: %q does not lead here from %q: it is a copy", ErrNotAuthentic, d.RoutingKey, d.Exchange)
	}
	if g.proven {
		if err := g.signers.Now().verify(d); err != nil {
			return 0, fmt.Errorf("%w: %w", ErrNotAuthentic, err)
		}
	}
	return byPublisher, nil
}

// replayed: a message that comes back from the error queue brings the proof that it was authentic. A person on call may have edited it;
// then it has the word of the one program that may put messages back, which is not enough where messages must be signed.
func (g guard) replayed(d amqp091.Delivery) error {
	if g.proven && !g.proofs.valid(g.queue, d) {
		return fmt.Errorf("%w: it was replayed by %q without a proof", ErrNotAuthentic, d.UserId)
	}
	return nil
}

// rested: a message that this program has put aside brings its proof. The program's user at the broker alone does not do: whoever has its
// password could put aside whatever the program should believe.
func (g guard) rested(d amqp091.Delivery) error {
	if !g.proofs.valid(g.queue, d) {
		return fmt.Errorf("%w: it rested here without a proof", ErrNotAuthentic)
	}
	return nil
}

// matches returns ErrNotAuthentic for an event that is not what its routing key says: the broker lets a user publish keys, and cannot read
// what is in a message.
func (p pass) matches(d amqp091.Delivery, e event.Event) error {
	if p == byUs {
		return nil
	}
	name, origin := cutLast(d.RoutingKey)
	if e.Type.Name != name || origin != e.Origin && origin != SharedOrigin {
		return fmt.Errorf("%w: %s of %q came as %q", ErrNotAuthentic, e.Type, e.Origin, d.RoutingKey)
	}
	return nil
}

// cutLast splits a routing key into its type's name and the origin.
func cutLast(key string) (name, origin string) {
	i := strings.LastIndexByte(key, '.')
	if i < 0 {
		return key, ""
	}
	return key[:i], key[i+1:]
}

// read decodes a message and returns its events, each with the user that published it. Errors: the message cannot be read, or is not
// authentic; no part of such a message can be trusted.
func (g guard) read(d amqp091.Delivery) ([]event.Event, error) {
	how, err := g.admit(d)
	if err != nil {
		return nil, err
	}
	events, err := event.Decode(d.ContentType, d.Body)
	if err != nil || g.publishers == nil {
		return events, err
	}
	for i := range events {
		if err := errors.Join(how.matches(d, events[i]), g.proves(events[i])); err != nil {
			return nil, err
		}
		events[i].Publisher = publisherOf(d)
	}
	return events, nil
}

// publisherOf returns the user that first published a message: it rests, and is replayed, in the name of others.
func publisherOf(d amqp091.Delivery) string {
	if first, _ := d.Headers[headerPublisher].(string); first != "" && (d.Exchange == "" || d.Exchange == ReplayExchange) {
		return first
	}
	return d.UserId
}

// proofs belong to one user of the broker. They say that a message was authentic when this program put it aside, or into the error queue. Only a replica of the same program can make
// and check them: the keys are a secret of the program's own.
type proofs struct {
	user string
	keys *follow.File[[]string] // the first one makes proofs; each counts
}

func newProofs(cfg Config) proofs {
	u, err := url.Parse(cfg.URL)
	if err != nil || u.User == nil {
		return proofs{keys: follow.Always[[]string](nil)}
	}
	keys, _ := parseProofKeys(cfg.ProofKeys) // Validate has found them sound
	return proofs{u.User.Username(), follow.Setting(keys, cfg.ProofKeysFile, parseProofKeys)}
}

// parseProofKeys reads keys with commas between them. Without a key the program proves nothing.
func parseProofKeys(text string) (keys []string, err error) {
	if text == "" {
		return nil, nil
	}
	for key := range strings.SplitSeq(text, ",") {
		if key = strings.TrimSpace(key); len(key) < shortestProofKey {
			return nil, fmt.Errorf("a key of proofs has %d characters at least", shortestProofKey)
		}
		keys = append(keys, key)
	}
	return keys, nil
}

const shortestProofKey = 32

// of returns the proof of a message that failed in a queue; empty without a key.
func (p proofs) of(queue, publisher, contentType string, body []byte) string {
	if keys := p.keys.Now(); len(keys) > 0 {
		return proof(keys[0], queue, publisher, contentType, body)
	}
	return ""
}

func proof(key, queue, publisher, contentType string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	for _, part := range []string{"fx core failed message 1", queue, publisher, contentType} {
		_, _ = mac.Write([]byte(part + "\x00"))
	}
	_, _ = mac.Write(body)
	return base64.RawStdEncoding.EncodeToString(mac.Sum(nil))
}

// ProofHeaders are the headers by which a message that is replayed says what it was when it failed: see Raw.Headers in the error queue,
// where they come from. They are nil without a publisher.
func ProofHeaders(publisher, proof string) map[string]any {
	if publisher == "" {
		return nil
	}
	return map[string]any{headerPublisher: publisher, headerProof: proof}
}

func (p proofs) valid(queue string, d amqp091.Delivery) bool {
	shown, _ := d.Headers[headerProof].(string)
	if shown == "" {
		return false
	}
	for _, key := range p.keys.Now() {
		if hmac.Equal([]byte(shown), []byte(proof(key, queue, publisherOf(d), d.ContentType, d.Body))) {
			return true
		}
	}
	return false
}
