package rest_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/directory"
)

type clientList struct {
	Clients []directory.Client
	Next    string
}

func (l clientList) ids() (ids []string) {
	for _, c := range l.Clients {
		ids = append(ids, c.ID)
	}
	return ids
}

// withClients gives the bench five clients, of two desks.
func withClients(t *testing.T, b *bench) {
	t.Helper()
	rdb := testkit.Redis(t)
	set := map[string]string{}
	for i := range 5 {
		set[fmt.Sprintf("C00090%d", i)] = fmt.Sprintf(`{"name":"Client %d","desk":"FXS%d","status":"active"}`, i, 1+i%2)
	}
	mirrortest.PublishAll(t, rdb, time.Now(), map[string]map[string]string{"clients": set})
	b.known = directory.Static{Mirror: mirrortest.Follow(t, directory.Open(rdb).Mirror)}
}

// Everybody sees the clients whose business they may see.
func TestClientsAreThoseOfTheCaller(t *testing.T) {
	b := setUp(t, withClients)
	for name, c := range map[string]struct {
		token, filter string
		want          []string
	}{
		"all":         {operator, "", []string{"C000900", "C000901", "C000902", "C000903", "C000904"}},
		"own desk":    {trader, "", []string{"C000900", "C000902", "C000904"}},
		"own client":  {system, "", []string{"C000900"}},
		"by name":     {operator, "?q=cLIENT+3", []string{"C000903"}},
		"by id":       {operator, "?q=0902", []string{"C000902"}},
		"nobody":      {trader, "?q=C000901", nil},
		"a first few": {operator, "?limit=2", []string{"C000900", "C000901"}},
	} {
		if got := read[clientList](t, b.call(http.MethodGet, "/v1/clients"+c.filter, c.token, nil), http.StatusOK).ids(); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	b.call(http.MethodGet, "/v1/clients", narrow, nil).is(t, http.StatusForbidden, "no_right")
}

func TestPagesHaveEveryClientOnce(t *testing.T) {
	b := setUp(t, withClients)
	var all []string
	path := "/v1/clients?limit=2&q=client"
	for range 3 {
		a := b.call(http.MethodGet, path, operator, nil)
		all = append(all, read[clientList](t, a, http.StatusOK).ids()...)
		path = strings.TrimSuffix(strings.TrimPrefix(a.Header.Get("Link"), "<"), `>; rel="next"`)
	}
	if want := []string{"C000900", "C000901", "C000902", "C000903", "C000904"}; !slices.Equal(all, want) || path != "" {
		t.Errorf("%v, then %q", all, path)
	}
}

func TestWithoutStaticDataThereAreNoClients(t *testing.T) {
	b := setUp(t, func(_ *testing.T, b *bench) { b.known = directory.Open(nil) })
	b.call(http.MethodGet, "/v1/clients", operator, nil).is(t, http.StatusServiceUnavailable, "no_static_data")
}

// A user who asks too often waits, with whatever token; another does not.
func TestAUserHasItsShare(t *testing.T) {
	b := setUp(t, func(_ *testing.T, b *bench) { b.signin.Rate = 1 })
	testkit.Eventually(t, "two requests in one second", time.Minute, func() error {
		first, second := b.call(http.MethodGet, "/v1/session", trader, nil), b.call(http.MethodGet, "/v1/session", narrow, nil)
		if second.Status != http.StatusTooManyRequests {
			return fmt.Errorf("%d and %d", first.Status, second.Status)
		}
		second.is(t, http.StatusTooManyRequests, "too_many_requests")
		if second.Header.Get("Retry-After") != "1" {
			t.Errorf("%v", second.Header)
		}
		return nil
	})
	read[struct{}](t, b.call(http.MethodGet, "/v1/session", other, nil), http.StatusOK)
}
