package amqp

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/signing"
)

// A command is proven by itself, not by the message that brings it: it may travel with others, rest, fail and be replayed, and its proof is
// still good. The proof is a signature over the whole command by somebody who has found out that a person may give it.

// prove signs an event that has no proof yet. Without a deadline there is nothing to sign: whoever kept a command could give it again.
func prove(k signing.Key, e event.Event) (event.Event, error) {
	if e.Proof != "" {
		return e, nil
	}
	if e.Deadline.IsZero() {
		return e, fmt.Errorf("prove %s %s: it has no deadline", e.Type, e.ID)
	}
	e.Proof = k.Public().ID() + "." + base64.RawURLEncoding.EncodeToString(k.Sign(proven(e)))
	return e, nil
}

// proven is what a proof covers: a digest of all that a command says.
func proven(e event.Event) []byte {
	digest := sha256.New()
	for _, part := range []string{
		"fx core command 1", e.Type.String(), e.ID, e.Origin, e.Correlation, e.Deadline.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano), string(e.Data),
	} {
		_, _ = digest.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return digest.Sum(nil)
}

// ProvenBy returns who of those named has signed the event. Error: nobody of them has, or the event has no deadline.
func (s Signers) ProvenBy(e event.Event, names ...string) (signer string, err error) {
	id, text, _ := strings.Cut(e.Proof, ".")
	signature, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || id == "" || len(signature) != signing.SignatureSize {
		return "", errors.New("it brings no proof of who lets it be")
	}
	if e.Deadline.IsZero() {
		return "", errors.New("it has no deadline")
	}
	for _, name := range names {
		if key, known := s.key(name, id); known {
			if !key.Verify(proven(e), signature) {
				return "", fmt.Errorf("its proof by %s is wrong", name)
			}
			return name, nil
		}
	}
	return "", fmt.Errorf("its proof is by none of %s", strings.Join(names, ", "))
}

// proves returns ErrNotAuthentic for an event whose type the queue takes only with a proof, and that has none.
func (g guard) proves(e event.Event) error {
	by, needed := g.proofsBy[e.Type.Name]
	if !needed {
		return nil
	}
	if _, err := g.signers.Now().ProvenBy(e, by...); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrNotAuthentic, e.Type, err)
	}
	return nil
}

// proved returns the events with a proof for each one that is published with one.
func (b *Bus) proved(t Topology, events []event.Event) ([]event.Event, error) {
	copied, key := false, b.key.Now()
	for i, e := range events {
		p, _ := t.publication(e.Type)
		if !p.Proven && (b.speaks == nil || !strings.HasSuffix(e.Type.Name, ".commanded") || e.Deadline.IsZero()) {
			continue
		}
		if key.IsZero() {
			if b.publishers == nil {
				continue
			}
			return nil, fmt.Errorf("publish %s: %s has no key to prove it", e.Type, t.Service)
		}
		signed, err := prove(key, e)
		if err != nil {
			return nil, err
		}
		if !copied { // the caller may send its events again
			events, copied = slices.Clone(events), true
		}
		events[i] = signed
	}
	return events, nil
}
