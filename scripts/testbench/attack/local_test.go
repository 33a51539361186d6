//go:build e2e

package attack

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"testing"

	"fxcore/lambda/testkit"
)

// A local user without rights asks each program's own address for profiles, which show its memory. There are none.
func TestALocalUserReadsNoProfiles(t *testing.T) {
	c := theCore(t)
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	asked := 0
	for _, p := range r.Processes {
		if p.Health == "" {
			continue
		}
		if code, _ := c.page(t, p.Health+"/live"); code != http.StatusOK {
			t.Errorf("%s does not answer: %d", p.ID(), code)
		}
		for _, path := range []string{"/debug/pprof/", "/debug/pprof/heap", "/debug/pprof/cmdline", "/debug/pprof/goroutine?debug=2", "/debug/vars"} {
			if code, body := c.page(t, p.Health+path); code == http.StatusOK {
				t.Errorf("%s shows %s: %.80s", p.ID(), path, body)
			}
		}
		asked++
	}
	if asked < 20 {
		t.Errorf("%d programs were asked", asked)
	}
}

// A local user without rights reads the page of moves. It names nobody: who has commanded what is told to those who log on.
func TestALocalUserReadsNoNames(t *testing.T) {
	c := theCore(t)
	const provider = "SANDBOX50"
	for _, word := range []string{"bar", "admit"} {
		ctx, cancel := context.WithTimeout(t.Context(), attackBound)
		out, err := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxctl"), "--core", c.Folder, "failover", word, provider, "-why", "a person's reason").CombinedOutput() //nolint:gosec // ours
		cancel()
		if err != nil {
			t.Fatalf("%s: %v\n%s", word, err, out)
		}
	}
	db := c.database(t)
	testkit.Eventually(t, "two entries of the history with a name", attackBound, func() error {
		var named int
		err := db.QueryRow(t.Context(), "select count(*) from failover.history where provider = $1 and by <> ''", provider).Scan(&named)
		if err == nil && named < 2 {
			err = fmt.Errorf("%d have one", named)
		}
		return err
	})
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"failover_page_1", "failover_page_2"} {
		code, body := c.page(t, fmt.Sprintf("http://127.0.0.1:%d/history?provider=%s", r.Ports[name], provider))
		var entries []struct{ What, By string }
		if err := json.Unmarshal(body, &entries); code != http.StatusOK || err != nil || len(entries) < 2 {
			t.Fatalf("%s: %d, %v: %.200s", name, code, err, body)
		}
		for _, e := range entries {
			if e.By != "" {
				t.Errorf("%s tells who has commanded %s: %q", name, e.What, e.By)
			}
		}
	}
}

// page gets a page as anybody on the machine.
func (c *core) page(t *testing.T, url string) (code int, body []byte) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, body
}
