package oracle

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Original is a provider's own message, byte for byte as the gateway received it; only secrets are masked.
type Original struct {
	Protocol   string    `json:"protocol"` // FIX.4.4, FIXT.1.1, socket
	Session    string    `json:"session"`
	Sequence   int64     `json:"sequence"` // in the session
	ReceivedAt time.Time `json:"received_at"`
	Bytes      []byte    `json:"bytes"`
}

// String is the message as a line for a person: SOH as |, and what cannot be printed escaped.
func (o Original) String() string {
	text := strconv.Quote(strings.ReplaceAll(string(o.Bytes), "\x01", "|"))
	return fmt.Sprintf("%s %d, %s, %s: %s", o.Session, o.Sequence, o.Protocol, o.ReceivedAt.UTC().Format(time.RFC3339Nano), text)
}

// Detailed is the violation as lines for a person: what was not kept, and below it the providers' own messages.
func (v Violation) Detailed() string {
	lines := []string{v.String()}
	for _, o := range v.Originals {
		lines = append(lines, "    "+o.String())
	}
	return strings.Join(lines, "\n")
}

// mostExplained bounds the violations that get their originals. A person reads the first ones.
const mostExplained = 200

// Explain adds to the first violations the providers' own messages about the trades and line checks that they are about. read returns
// the messages about ids, by id.
func Explain(ctx context.Context, e Evidence, found []Violation, read func(ctx context.Context, ids []string) (map[string][]Original, error)) error {
	if len(found) == 0 {
		return nil
	}
	found = found[:min(len(found), mostExplained)]
	c := newCase(e)
	about := make([][]string, len(found))
	for i, v := range found {
		about[i] = c.about(v.ID)
	}
	originals, err := read(ctx, slices.Concat(about...))
	if err != nil {
		return fmt.Errorf("read the providers' own messages: %w", err)
	}
	for i, ids := range about {
		for _, id := range ids {
			found[i].Originals = append(found[i].Originals, originals[id]...)
		}
	}
	return nil
}

// about returns the ids under which the core may know what a violation names: a trade, a line check, a movement, or a provider's request.
func (c *Case) about(named string) []string {
	ids := []string{named}
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for _, o := range c.Owed {
		if o.Movement == named {
			add(o.TradeID)
		}
	}
	for _, st := range c.stories {
		if st.String() != named {
			continue
		}
		for _, a := range st.answers {
			add(a.ID)
		}
		for _, t := range st.trades {
			add(t.ID)
		}
	}
	for _, r := range c.Rejections {
		if (request{r.Provider, r.Reference}).String() == named {
			add(r.TradeID)
		}
	}
	return ids
}
