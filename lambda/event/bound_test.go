package event

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	fast "github.com/segmentio/encoding/json"
)

func TestBodyThatIsTooDeepOrTooLongIsNotDecoded(t *testing.T) {
	deep := func(n int) string { return strings.Repeat("[", n) }
	for name, body := range map[string]string{
		"brackets alone":              deep(8 << 20),
		"objects":                     strings.Repeat(`{"a":`, 1<<20),
		"one level too many":          `{"data":` + deep(MaxDepth) + strings.Repeat("]", MaxDepth) + `}`,
		"closed in a text":            `{"a":"` + strings.Repeat("]", 100) + `","b":` + deep(MaxDepth) + strings.Repeat("]", MaxDepth) + `}`,
		"closed after a text's quote": `{"a":"\\","b":` + deep(MaxDepth) + strings.Repeat("]", MaxDepth) + `}`,
		"closed before they open":     strings.Repeat("]", 100) + deep(MaxDepth+1),
		"too long":                    `"` + strings.Repeat("a", MaxBody) + `"`,
	} {
		for _, mediaType := range []string{MediaType, MediaTypeBatch} {
			if _, err := Decode(mediaType, []byte(body)); !errors.Is(err, ErrTooLarge) {
				t.Errorf("%s as %s: %v", name, mediaType, err)
			}
		}
	}
}

func TestBodyWithinItsBoundsIsDecoded(t *testing.T) {
	quoted, err := fast.Marshal(strings.Repeat(`["{\\`, 500))
	if err != nil {
		t.Fatal(err)
	}
	data := fmt.Appendf(nil, `{"text":%s,"list":%s1%s}`, quoted, strings.Repeat("[", MaxDepth-3), strings.Repeat("]", MaxDepth-3))
	e := Event{ID: "1", Type: Type{"a.b", 1}, Origin: "x", Correlation: "c", Data: data}
	batch := make([]Event, 50)
	for i := range batch {
		batch[i] = e
	}
	if got, err := Decode(MediaTypeBatch, AppendBatch(nil, batch)); err != nil || len(got) != len(batch) || !bytes.Equal(got[7].Data, data) {
		t.Errorf("%d events: %v", len(got), err)
	}
}

// What the guard lets through has no more levels than it says, whatever the body is.
func FuzzBounded(f *testing.F) {
	f.Add([]byte(`{"a":"\\\"]","b":[[]]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if bounded(body) != nil {
			return
		}
		depth, text, escaped := 0, false, false
		for _, c := range body {
			switch {
			case escaped:
				escaped = false
			case text:
				escaped, text = c == '\\', c != '"'
			case c == '"':
				text = true
			case c == '[' || c == '{':
				if depth++; depth > MaxDepth {
					t.Fatalf("%q is let through", body)
				}
			case c == ']' || c == '}':
				depth = max(0, depth-1)
			}
		}
	})
}

func BenchmarkBounded(b *testing.B) {
	e := Event{ID: strings.Repeat("a", 40), Type: Type{"trade.registered", 1}, Origin: "x", Correlation: "c", Data: []byte(`{"request":{"client":"C1","legs":[{"rate":"1.10"}]},"text":"` + strings.Repeat("a ", 400) + `"}`)}
	batch := make([]Event, 50)
	for i := range batch {
		batch[i] = e
	}
	body := AppendBatch(nil, batch)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if err := bounded(body); err != nil {
			b.Fatal(err)
		}
	}
}

// A list of empty events takes far more memory decoded than as text.
func TestAListOfMoreEventsThanAnybodyPublishesIsNotDecoded(t *testing.T) {
	for _, empty := range []string{"null", "{}", `{"id":"a,b"}`, "[1,2]", `"]"`} {
		body := []byte("[" + strings.Repeat(empty+",", MaxEvents) + empty + "]")
		if _, err := Decode(MediaTypeBatch, body); !errors.Is(err, ErrTooLarge) {
			t.Errorf("%d of %s: %v", MaxEvents+1, empty, err)
		}
	}
	batch := make([]Event, MaxEvents)
	for i := range batch {
		batch[i] = Event{ID: "1", Type: Type{"a.b", 1}, Origin: "x", Correlation: "c", Data: []byte(`{"list":[1,2,3],"text":"],[,"}`)}
	}
	if got, err := Decode(MediaTypeBatch, AppendBatch(nil, batch)); err != nil || len(got) != MaxEvents {
		t.Errorf("%d events, %v", len(got), err)
	}
}
