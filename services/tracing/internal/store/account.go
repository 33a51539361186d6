package store

import (
	"context"
	"maps"
)

// Account says how the journal compares with messages that it should have, and the spans with the journal. While messages come,
// those under way are missing.
type Account struct {
	Messages     int      `json:"messages"` // in the journal, each counted once
	Missing      []string `json:"missing"`  // ids that the journal does not have; at most mostNamed
	Doubled      []string `json:"doubled"`  // ids that it has more than once; at most mostNamed
	Spans        int      `json:"spans"`
	SpansMissing int      `json:"spans_missing"` // messages in the journal without a span
	SpansExtra   int      `json:"spans_extra"`   // spans without a message in the journal
}

const mostNamed = 100

// AccountFor walks all messages and all spans. It holds their names in memory, about 200 bytes for each. It may be called while messages come:
// whatever has a span when the walk begins is in the journal when the messages are read, and spans that come later are looked for once more.
func AccountFor(ctx context.Context, a Accountant, expected []string) (Account, error) {
	found := Account{Missing: []string{}, Doubled: []string{}}
	spans, err := traced(ctx, a)
	if err != nil {
		return found, err
	}
	ids, without := map[string]bool{}, map[SpanKey]bool{}
	extra := maps.Clone(spans)
	for m, err := range a.Messages(ctx) {
		if err != nil {
			return found, err
		}
		if ids[m.ID] {
			found.Doubled = name(found.Doubled, m.ID)
		}
		ids[m.ID] = true
		delete(extra, m.Span)
		if !spans[m.Span] {
			without[m.Span] = true
		}
	}
	found.Messages, found.Spans, found.SpansExtra = len(ids), len(spans), len(extra)
	if len(without) > 0 {
		late, err := traced(ctx, a)
		if err != nil {
			return found, err
		}
		for key := range without {
			if late[key] {
				found.Spans++
			} else {
				found.SpansMissing++
			}
		}
	}
	for _, id := range expected {
		if !ids[id] {
			found.Missing = name(found.Missing, id)
		}
	}
	return found, nil
}

func traced(ctx context.Context, a Accountant) (map[SpanKey]bool, error) {
	spans := map[SpanKey]bool{}
	for key, err := range a.Traced(ctx) {
		if err != nil {
			return nil, err
		}
		spans[key] = true
	}
	return spans, nil
}

func name(all []string, id string) []string {
	if len(all) == mostNamed {
		return all
	}
	return append(all, id)
}
