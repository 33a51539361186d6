package testkit

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// ElasticsearchVariable names the server: http://user:password@host:port, a superuser.
const ElasticsearchVariable = "TEST_ELASTICSEARCH_URL"

// Elasticsearch returns the server's URL and a prefix for the names of the test's own indices and index templates, which are deleted when
// the test ends.
//
// Elasticsearch is not on every machine: see [Cassandra].
func Elasticsearch(t testing.TB) (url, prefix string) {
	t.Helper()
	url, prefix = optional(t, ElasticsearchVariable), name()
	t.Cleanup(func() {
		for _, index := range indices(t, url, prefix) {
			elastic(t, http.MethodDelete, url+"/"+index)
		}
		elastic(t, http.MethodDelete, url+"/_index_template/"+prefix+"*")
	})
	return url, prefix
}

// elastic makes one call and returns the answer. The test fails if the server refuses it.
func elastic(t testing.TB, method, address string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, method, address, http.NoBody)
	if err != nil {
		t.Fatalf("%s: %v", ElasticsearchVariable, err)
	}
	request.Close = true // an idle connection would look like a leaked goroutine to the test
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatalf("%s: %v", ElasticsearchVariable, err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if response.StatusCode >= http.StatusMultipleChoices && response.StatusCode != http.StatusNotFound {
		t.Errorf("%s: %s: %s", method, response.Status, answer)
	}
	return string(answer)
}

// indices lists the indices of a prefix. Deleting needs their whole names.
func indices(t testing.TB, url, prefix string) []string {
	t.Helper()
	return strings.Fields(elastic(t, http.MethodGet, url+"/_cat/indices/"+prefix+"*?h=index"))
}
