package testkit

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// AMQP returns the URL of a new, empty vhost in which the user of TEST_AMQP_URL may do everything. When the test ends, the vhost
// is deleted with all its queues and connections.
func AMQP(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(address(t, AMQPVariable))
	if err != nil {
		t.Fatalf("%s: %v", AMQPVariable, err)
	}
	vhost := name()
	Administer(t, http.MethodPut, "/api/vhosts/"+vhost, "")
	t.Cleanup(func() { Administer(t, http.MethodDelete, "/api/vhosts/"+vhost, "") })
	Administer(t, http.MethodPut, "/api/permissions/"+vhost+"/"+url.PathEscape(u.User.Username()),
		`{"configure":".*","write":".*","read":".*"}`)
	u.Path = "/" + vhost
	return u.String()
}

// VHost returns the vhost of a URL.
func VHost(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(u.Path, "/")
}

// BoundQueue lets a queue of a test's vhost hold no more than so many bytes, by a policy: less than the queue itself says.
func BoundQueue(t testing.TB, vhost, queue string, bytes int) {
	t.Helper()
	policy := fmt.Sprintf(`{"pattern":"^%s$","definition":{"max-length-bytes":%d},"apply-to":"queues"}`, regexp.QuoteMeta(queue), bytes)
	Administer(t, http.MethodPut, "/api/policies/"+vhost+"/bound", strings.ReplaceAll(policy, `\`, `\\`))
}

// Administer makes one call to the management API. If the call fails, the test ends.
func Administer(t testing.TB, method, path, body string) {
	t.Helper()
	caller, admin := web(t, address(t, AMQPAdminVariable))
	ctx, cancel := bounded()
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, admin+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", AMQPAdminVariable, err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := caller.Do(request)
	if err != nil {
		t.Fatalf("%s: %v", AMQPAdminVariable, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<10))
		t.Fatalf("%s %s: %s: %s", method, path, response.Status, answer)
	}
}
