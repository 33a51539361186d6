package desk_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
	"fxcore/services/monitoring/internal/failed"
	"fxcore/services/signin"
	"fxcore/services/web"
)

// roles are tokens: the token is the name of the role.
type roles struct{}

func (roles) Token(_ context.Context, hash string) (signin.Token, error) {
	var scope []string
	for _, a := range rights.Actions() {
		scope = append(scope, string(a))
	}
	for _, role := range rights.Roles() {
		if access.HashOf(string(role)) == hash {
			return signin.Token{User: string(role), Roles: []string{string(role)}, Scope: scope, Desk: "FXS1", Client: "C1", Audience: "api", ExpiresAt: time.Now().Add(time.Hour)}, nil
		}
	}
	return signin.Token{}, signin.ErrUnknown
}

func (roles) Refusal(context.Context, string) (access.Refused, error) {
	return access.Refused{}, signin.ErrNoRefusal
}
func (roles) Revoke(context.Context, string) error { return nil }

func (b *bench) serve() http.Handler {
	mux := http.NewServeMux()
	api := web.New(mux, web.About{Title: "test", Version: "1"})
	in := signin.New(signin.Parts{
		Config: signin.Config{Audience: "api"}, Tokens: roles{}, Clock: time.Now, Real: time.Now, Log: testkit.Log(b.t),
		Publish: func(context.Context, ...event.Event) error { return nil },
	})
	in.Register(api)
	b.desks[0].Register(api)
	return web.Front(mux, testkit.Log(b.t))
}

// page is what the answers have.
type page struct {
	Items []struct {
		failed.Entry

		Key string
	}
	Next, Code, State, Body             string
	Version                             int
	Total, Matched, Replayed, Discarded int
	WouldReplay                         int `json:"would_replay"`
	History                             []struct{ What, By string }
	Headers                             map[string]any
	SkippedInAll                        int `json:"skipped_in_all"`
}

func call(t *testing.T, h http.Handler, role, method, path, body string, headers ...string) (int, page) {
	t.Helper()
	var content io.Reader = http.NoBody
	if body != "" {
		content = strings.NewReader(body)
	}
	r, w := httptest.NewRequest(method, path, content), httptest.NewRecorder()
	r.Header.Set("Authorization", "Bearer "+role)
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	h.ServeHTTP(w, r)
	if strings.Contains(w.Body.String(), "SECRET") {
		t.Errorf("%s shows a secret: %s", path, w.Body)
	}
	var p page
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Fatalf("%s: %d %s: %v", path, w.Code, w.Body, err)
	}
	return w.Code, p
}

func TestOnCallResolvesByHTTP(t *testing.T) {
	b := setUp(t)
	b.fail(3)
	b.service.mend()
	h := b.serve()
	const operations = "operations"
	status, groups := call(t, h, operations, http.MethodGet, "/v1/errors/groups", "")
	if status != http.StatusOK || groups.Total != 3 || len(groups.Items) != 1 {
		t.Fatalf("%d %+v", status, groups)
	}
	ids := b.ids()
	one := "/v1/errors/" + ids[0]
	status, entry := call(t, h, operations, http.MethodGet, one, "")
	if status != http.StatusOK || entry.State != "open" || !strings.Contains(entry.Body, failed.Masked) || len(entry.History) != 1 {
		t.Fatalf("%d %+v", status, entry)
	}
	for what, c := range map[string]struct {
		role, path, body, match string
		status                  int
		code                    string
	}{
		"no right":       {"compliance", one + "/replays", `{"reason":"mended"}`, `"1"`, http.StatusForbidden, "no_right"},
		"a trader":       {"trader", one + "/discards", `{"reason":"mended"}`, `"1"`, http.StatusForbidden, "no_right"},
		"no version":     {operations, one + "/replays", `{"reason":"mended"}`, "", http.StatusPreconditionRequired, "if_match_missing"},
		"an old version": {operations, one + "/replays", `{"reason":"mended"}`, `"0"`, http.StatusPreconditionFailed, "changed"},
		"no reason":      {operations, one + "/replays", `{}`, `"1"`, http.StatusUnprocessableEntity, "invalid"},
		"a bad edit":     {operations, one + "/replays", `{"reason":"mended","body":"{}"}`, `"1"`, http.StatusUnprocessableEntity, "invalid"},
		"an edited end":  {operations, one + "/discards", `{"reason":"mended","body":"{}"}`, `"1"`, http.StatusUnprocessableEntity, "invalid"},
		"neither":        {operations, "/v1/errors/replays", `{"reason":"mended"}`, "", http.StatusUnprocessableEntity, "invalid"},
		"no such entry":  {operations, "/v1/errors/00000000-0000-0000-0000-000000000000/replays", `{"reason":"a"}`, `"1"`, http.StatusNotFound, "not_found"},
		"not a cursor":   {operations, "", "", "", http.StatusUnprocessableEntity, "cursor_unknown"},
	} {
		method, path := http.MethodPost, c.path
		if path == "" {
			method, path = http.MethodGet, "/v1/errors?cursor=x"
		}
		if status, p := call(t, h, c.role, method, path, c.body, "If-Match", c.match); status != c.status || p.Code != c.code {
			t.Errorf("%s: %d %s, want %d %s", what, status, p.Code, c.status, c.code)
		}
	}
	match := fmt.Sprintf(`"%d"`, entry.Version)
	if status, p := call(t, h, operations, http.MethodPost, one+"/replays", `{"reason":"mended"}`, "If-Match", match); status != http.StatusOK || p.State != "replayed" {
		t.Errorf("%d %+v", status, p)
	}
	if status, p := call(t, h, operations, http.MethodPost, one+"/replays", `{"reason":"mended"}`, "If-Match", match); status != http.StatusPreconditionFailed {
		t.Errorf("replayed twice: %d %+v", status, p)
	}
	group := `"group":"` + groups.Items[0].Key + `"`
	if _, p := call(t, h, operations, http.MethodPost, "/v1/errors/replays", `{"reason":"mended","dry_run":true,`+group+`}`); p.Matched != 2 || p.WouldReplay != 2 || p.Replayed != 0 {
		t.Errorf("dry run: %+v", p)
	}
	if _, p := call(t, h, operations, http.MethodPost, "/v1/errors/discards", `{"reason":"a test","ids":["`+ids[0]+`","`+ids[1]+`","no id"]}`); p.Discarded != 1 || p.SkippedInAll != 1 {
		t.Errorf("discard: %+v", p)
	}
	if _, p := call(t, h, operations, http.MethodPost, "/v1/errors/replays", `{"reason":"mended",`+group+`}`); p.Replayed != 1 {
		t.Errorf("replay of the group: %+v", p)
	}
	_, entry = call(t, h, operations, http.MethodGet, one, "")
	if last := entry.History[len(entry.History)-1]; last.What != "replayed" || last.By != operations {
		t.Errorf("%+v", entry.History)
	}
}

// A flood of poison messages is listed page by page, each entry once.
func TestTenThousandEntriesAreListedOnceEach(t *testing.T) {
	b := setUp(t)
	var flood []failed.Message
	for i := range 10_000 {
		m := failed.Read(rawOf(i), time.Now())
		flood = append(flood, m)
	}
	for part := 0; part < len(flood); part += 500 {
		if err := b.desks[part/500%2].Store.Keep(t.Context(), flood[part:part+500]); err != nil {
			t.Fatal(err)
		}
	}
	h, seen := b.serve(), map[string]bool{}
	for path := "/v1/errors?limit=500&state=open"; path != ""; {
		status, p := call(t, h, "operations", http.MethodGet, path, "")
		if status != http.StatusOK || p.Total != len(flood) {
			t.Fatalf("%d, %d in all", status, p.Total)
		}
		for _, e := range p.Items {
			seen[e.ID] = true
		}
		if path = ""; p.Next != "" {
			path = "/v1/errors?limit=500&state=open&cursor=" + p.Next
		}
	}
	_, groups := call(t, h, "operations", http.MethodGet, "/v1/errors/groups", "")
	if len(seen) != len(flood) || len(groups.Items) != 1 {
		t.Errorf("%d entries, %d groups", len(seen), len(groups.Items))
	}
}
