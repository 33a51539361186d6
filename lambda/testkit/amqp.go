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
	administer(t, http.MethodPut, "/api/vhosts/"+vhost, "")
	t.Cleanup(func() { administer(t, http.MethodDelete, "/api/vhosts/"+vhost, "") })
	administer(t, http.MethodPut, "/api/permissions/"+vhost+"/"+url.PathEscape(u.User.Username()),
		`{"configure":".*","write":".*","read":".*"}`)
	u.Path = "/" + vhost
	return u.String()
}

// BoundQueue lets a queue of a test's vhost hold no more than so many bytes, by a policy: less than the queue itself says.
func BoundQueue(t testing.TB, vhost, queue string, bytes int) {
	t.Helper()
	policy := fmt.Sprintf(`{"pattern":"^%s$","definition":{"max-length-bytes":%d},"apply-to":"queues"}`, regexp.QuoteMeta(queue), bytes)
	administer(t, http.MethodPut, "/api/policies/"+vhost+"/bound", strings.ReplaceAll(policy, `\`, `\\`))
}

// administer makes one call to the management API. If the call fails, the test ends.
func administer(t testing.TB, method, path, body string) {
	t.Helper()
	admin := strings.TrimSuffix(address(t, AMQPAdminVariable), "/")
	ctx, cancel := bounded()
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, admin+path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", AMQPAdminVariable, err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Close = true // an idle connection would look like a leaked goroutine to the test
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s: %v", AMQPAdminVariable, err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode >= http.StatusMultipleChoices {
		answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<10))
		t.Fatalf("%s %s: %s: %s", method, path, response.Status, answer)
	}
}
