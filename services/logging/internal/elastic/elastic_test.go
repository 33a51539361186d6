package elastic_test

import (
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/storetest"
)

func open(t *testing.T) *elastic.Store {
	t.Helper()
	url, prefix := testkit.Elasticsearch(t)
	s, err := elastic.Open(url, prefix, 72*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	return s
}

func TestElasticsearch(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Store { return open(t) })
}

func BenchmarkElasticsearch(b *testing.B) {
	url, prefix := testkit.Elasticsearch(b)
	s, err := elastic.Open(url, prefix, 72*time.Hour)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = s.Close(b.Context()) }()
	storetest.Rate(b, s)
}
