package rest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"fxcore/lambda/postgres"
	"fxcore/lambda/testkit"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/payload"
	"fxcore/services/tracing/internal/rest"
	kept "fxcore/services/tracing/internal/store/postgres"
	"fxcore/services/tracing/internal/store/storetest"
)

// server returns a server on a journal with one rejected trade. A caller has the rights that the header Rights lists.
func server(t *testing.T) (http.Handler, []journal.Record, kept.Store) {
	t.Helper()
	pool := testkit.Postgres(t)
	if err := postgres.Migrate(t.Context(), pool, kept.Migrations); err != nil {
		t.Fatal(err)
	}
	s := kept.Store{Pool: pool}
	key, err := s.Key(t.Context(), "C1")
	if err != nil {
		t.Fatal(err)
	}
	story := storetest.Story("T-1", 4, true)
	story[0].Payload = payload.Keep(story[0].ID, []byte(`{"client":"C1","account":"CH-4711","password":"sesame"}`), &key)
	storetest.Append(t, s, testkit.Day, 1, story...)
	type rightsKey struct{}
	handler := (&rest.Server{
		Store: s, Log: testkit.Log(t),
		Guard: func(right string, next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				rights := r.Header.Get("Rights")
				if !strings.Contains(rights, right) {
					w.WriteHeader(http.StatusForbidden)
					return
				}
				next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), rightsKey{}, rights)))
			})
		},
		May: func(ctx context.Context, right string) bool {
			rights, _ := ctx.Value(rightsKey{}).(string)
			return strings.Contains(rights, right)
		},
	}).Handler()
	return handler, story, s
}

func ask(t *testing.T, h http.Handler, path, rights string, into any) int {
	t.Helper()
	request := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil)
	request.Header.Set("Rights", rights)
	answer := httptest.NewRecorder()
	h.ServeHTTP(answer, request)
	if into != nil {
		if err := json.Unmarshal(answer.Body.Bytes(), into); err != nil {
			t.Fatalf("%s: %v: %s", path, err, answer.Body)
		}
	}
	return answer.Code
}

func TestATraceIsFoundAndShownAsAWaterfall(t *testing.T) {
	h, story, _ := server(t)
	var list struct {
		Traces []struct{ Story, Outcome string }
	}
	if code := ask(t, h, "/v1/traces?reference=R-T-1&client=C1&outcome=rejected&longer=1ms", rest.ViewTraces, &list); code != http.StatusOK || len(list.Traces) != 1 || list.Traces[0].Story != "T-1" {
		t.Fatalf("%d, %+v", code, list)
	}
	var shown struct {
		Duration int64 `json:"duration_us"`
		Spans    []struct {
			ID       string `json:"span_id"`
			Parent   string `json:"parent_id"`
			At       int64  `json:"at_us"`
			Duration int64  `json:"duration_us"`
			Failed   bool
			Message  string `json:"message_id"`
			Cause    string `json:"causation_id"`
			Type     string
			Code     string
			Data     json.RawMessage
		}
	}
	if code := ask(t, h, "/v1/traces/T-1", rest.ViewTraces, &shown); code != http.StatusOK || len(shown.Spans) != len(story) {
		t.Fatalf("%d, %+v", code, shown)
	}
	last := shown.Spans[len(shown.Spans)-1]
	if last.At+last.Duration != shown.Duration || !last.Failed || last.Code != "no_line" || shown.Spans[1].Parent != shown.Spans[0].ID {
		t.Errorf("the waterfall does not add up: %+v", shown)
	}
	for i, s := range shown.Spans {
		if s.Message != story[i].ID || s.Cause != story[i].Causation || s.Type != story[i].Type {
			t.Errorf("a program cannot tell which message led to which: %+v", s)
		}
		if s.Data != nil {
			t.Errorf("a caller without the right sees %s", s.Data)
		}
	}
}

func TestDataAreShownByRightAndUntilTheyAreShredded(t *testing.T) {
	h, _, s := server(t)
	var shown struct {
		Records []struct{ Data json.RawMessage }
	}
	see := func() string {
		if code := ask(t, h, "/v1/journal?story=T-1", rest.ViewJournal+" "+rest.ViewOriginal, &shown); code != http.StatusOK || len(shown.Records) != 4 {
			t.Fatalf("%d, %+v", code, shown)
		}
		return string(shown.Records[0].Data)
	}
	if got, want := see(), `{"client":"C1","account":"CH-4711","password":"(masked)"}`; got != want {
		t.Errorf("shown %s, want %s", got, want)
	}
	if err := s.Shred(t.Context(), "C1"); err != nil {
		t.Fatal(err)
	}
	if got := see(); strings.Contains(got, "4711") {
		t.Errorf("after shredding: %s", got)
	}
}

func TestWhoHasNoRightAndWhatIsWrong(t *testing.T) {
	h, _, _ := server(t)
	for path, want := range map[string]int{
		"/v1/traces?from=yesterday": http.StatusUnprocessableEntity, "/v1/traces?limit=0": http.StatusUnprocessableEntity, "/v1/traces?longer=x": http.StatusUnprocessableEntity,
		"/v1/traces/nobody": http.StatusNotFound, "/v1/journal": http.StatusUnprocessableEntity, "/v1/journal/chains": http.StatusOK,
	} {
		if code := ask(t, h, path, rest.ViewTraces+" "+rest.ViewJournal, nil); code != want {
			t.Errorf("%s: %d, want %d", path, code, want)
		}
		if code := ask(t, h, path, "none", nil); code != http.StatusForbidden {
			t.Errorf("%s without a right: %d", path, code)
		}
	}
}
