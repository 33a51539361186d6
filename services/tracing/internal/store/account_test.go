package store_test

import (
	"context"
	"iter"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/tracing/internal/store"
)

// kept is what a store that lost something hands out.
type kept struct {
	messages []string
	spans    []string
}

func (k kept) Messages(context.Context) iter.Seq2[store.Message, error] {
	return func(yield func(store.Message, error) bool) {
		for _, id := range k.messages {
			yield(store.Message{ID: id, Span: store.SpanKey{ID: id}}, nil)
		}
	}
}

func (k kept) Traced(context.Context) iter.Seq2[store.SpanKey, error] {
	return func(yield func(store.SpanKey, error) bool) {
		for _, id := range k.spans {
			yield(store.SpanKey{ID: id}, nil)
		}
	}
}

func TestAnAccountNamesWhatIsMissingTwiceOrTooMuch(t *testing.T) {
	for name, c := range map[string]struct {
		kept kept
		want store.Account
	}{
		"all well":                 {kept{[]string{"a", "b"}, []string{"a", "b"}}, store.Account{Messages: 2, Spans: 2}},
		"a message is missing":     {kept{[]string{"b"}, []string{"b"}}, store.Account{Messages: 1, Missing: []string{"a"}, Spans: 1}},
		"a message is there twice": {kept{[]string{"a", "b", "a"}, []string{"a", "b"}}, store.Account{Messages: 2, Doubled: []string{"a"}, Spans: 2}},
		"a span is missing":        {kept{[]string{"a", "b"}, []string{"a"}}, store.Account{Messages: 2, Spans: 1, SpansMissing: 1}},
		"a span without a message": {kept{[]string{"a", "b"}, []string{"a", "b", "c"}}, store.Account{Messages: 2, Spans: 3, SpansExtra: 1}},
	} {
		got, err := store.AccountFor(t.Context(), c.kept, []string{"a", "b"})
		c.want.Missing, c.want.Doubled = append([]string{}, c.want.Missing...), append([]string{}, c.want.Doubled...)
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %s, %v", name, diff, err)
		}
	}
	var many []string
	for i := range 300 {
		many = append(many, string(rune('a'+i)))
	}
	got, _ := store.AccountFor(t.Context(), kept{}, many)
	if !slices.Equal(got.Missing, many[:100]) {
		t.Errorf("%d of 300 missing messages are named", len(got.Missing))
	}
}

// coming is a store in which a message comes after the first look at the spans.
type coming struct {
	kept
	later []string // spans that the next look finds
}

func (c *coming) Traced(ctx context.Context) iter.Seq2[store.SpanKey, error] {
	now := kept{spans: c.spans}
	c.spans = append(c.spans, c.later...)
	return now.Traced(ctx)
}

func TestMessagesMayComeDuringAnAccount(t *testing.T) {
	got, err := store.AccountFor(t.Context(), &coming{kept{[]string{"a", "b"}, []string{"a"}}, []string{"b", "c"}}, []string{"a", "b"})
	want := store.Account{Messages: 2, Missing: []string{}, Doubled: []string{}, Spans: 2}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s, %v", diff, err)
	}
}
