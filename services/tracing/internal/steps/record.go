package steps

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"fxcore/lambda/event"
	"fxcore/services/contract"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/store"
)

// keyring has the keys of clients at hand.
type keyring struct {
	keys  store.Keys
	known map[string]payload.Key
}

// maxKeys bounds the keys in memory. A key that was removed meanwhile may seal a little longer here: what it seals cannot be
// read any more either.
const maxKeys = 100_000

// of returns the client's key; nil for no client.
func (k *keyring) of(ctx context.Context, client string) (*payload.Key, error) {
	if client == "" {
		return nil, nil
	}
	if key, known := k.known[client]; known {
		return &key, nil
	}
	key, err := k.keys.Key(ctx, client)
	if err != nil {
		return nil, err
	}
	if len(k.known) >= maxKeys || k.known == nil {
		k.known = map[string]payload.Key{}
	}
	k.known[client] = key
	return &key, nil
}

// record makes the record of an event, which has no place in a chain yet.
func (k *keyring) record(ctx context.Context, e event.Event) (journal.Record, error) {
	facts := payload.Read(e.Data)
	key, err := k.of(ctx, facts.Client)
	if err != nil {
		return journal.Record{}, err
	}
	data := []byte(e.Data)
	if e.Type == contract.StaticDelivered {
		data = digestOnly(data)
	}
	return journal.Record{
		ID: e.ID, Correlation: e.Correlation, Causation: e.Causation, Traceparent: e.Traceparent, Type: e.Type.String(), Origin: e.Origin, Source: e.Source,
		Time: e.Time, Started: e.Started, Client: facts.Client, Provider: facts.Provider, Reference: facts.Reference, Code: facts.Code, Text: facts.Text,
		Payload: payload.Keep(e.ID, data, key),
	}, nil
}

// digestOnly stands for a page of the mainframe's data: it is large, it has personal data of many clients, and the mainframe has it.
func digestOnly(data []byte) []byte {
	var page struct {
		Set     string `json:"set"`
		Version int64  `json:"version"`
	}
	_ = json.Unmarshal(data, &page) // what it lacks stays empty
	sum := sha256.Sum256(data)
	kept, _ := json.Marshal(map[string]any{"set": page.Set, "version": page.Version, "bytes": len(data), "sha256": hex.EncodeToString(sum[:])})
	return kept
}
