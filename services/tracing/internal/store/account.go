package store

import "context"

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

// AccountFor walks all messages and all spans. It holds their names in memory, about 200 bytes for each.
func AccountFor(ctx context.Context, a Accountant, expected []string) (Account, error) {
	found := Account{Missing: []string{}, Doubled: []string{}}
	ids, spans := map[string]bool{}, map[SpanKey]bool{}
	for m, err := range a.Messages(ctx) {
		if err != nil {
			return found, err
		}
		if ids[m.ID] {
			found.Doubled = name(found.Doubled, m.ID)
		}
		ids[m.ID], spans[m.Span] = true, false
	}
	for key, err := range a.Traced(ctx) {
		if err != nil {
			return found, err
		}
		found.Spans++
		if _, known := spans[key]; !known {
			found.SpansExtra++
			continue
		}
		spans[key] = true
	}
	for _, has := range spans {
		if !has {
			found.SpansMissing++
		}
	}
	for _, id := range expected {
		if !ids[id] {
			found.Missing = name(found.Missing, id)
		}
	}
	found.Messages = len(ids)
	return found, nil
}

func name(all []string, id string) []string {
	if len(all) == mostNamed {
		return all
	}
	return append(all, id)
}
