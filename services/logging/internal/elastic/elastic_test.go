package elastic_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/line"
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

// An index that somebody made by hand takes fields for something else. Each line is stored all the same, as far as the index takes it, and none of
// them holds up the others.
func TestALineThatAnIndexRefusesHoldsUpNoOther(t *testing.T) {
	for name, fields := range map[string]string{
		"a label":   `"labels":{"properties":{"amount":{"type":"long"}}}`,
		"the level": `"log":{"properties":{"level":{"type":"long"}}}`,
		"the text":  `"message":{"type":"date"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			call(t, s, http.MethodPut, "/"+s.Prefix+"-logs-"+storetest.Now().Format("2006.01.02"), `{"mappings":{"properties":{"id":{"type":"keyword"},`+fields+`}}}`)
			lines := []line.Line{made(1, "plain"), made(2, "much"), made(3, "plain")}
			lines[1].Fields["labels.amount"] = "much"
			if err := s.Write(t.Context(), lines); err != nil {
				t.Fatal(err)
			}
			testkit.Eventually(t, "all lines", 30*time.Second, func() error {
				found, err := s.Search(t.Context(), line.Query{Limit: 10})
				if err == nil && len(found) != len(lines) {
					err = fmt.Errorf("%d of %d lines", len(found), len(lines))
				}
				for i, l := range found { // the newest first
					if want := lines[len(lines)-1-i].Message; !strings.Contains(l.Message+l.Fields["event.original"], want) {
						err = fmt.Errorf("%+v does not hold %q", l, want)
					}
				}
				return err
			})
		})
	}
}

// A full disk makes Elasticsearch refuse all writes. The lines wait: Write fails until the index takes lines again, and then each is there once.
func TestLinesWaitWhileAnIndexIsClosedToWriting(t *testing.T) {
	s := open(t)
	if err := s.Tend(t.Context(), storetest.Now()); err != nil {
		t.Fatal(err)
	}
	lines := []line.Line{made(1, "a"), made(2, "b")}
	if err := s.Write(t.Context(), lines[:1]); err != nil {
		t.Fatal(err)
	}
	settings := "/" + s.Prefix + "-logs-" + storetest.Now().Format("2006.01.02") + "/_settings"
	for _, block := range []string{"index.blocks.read_only_allow_delete", "index.blocks.write"} {
		call(t, s, http.MethodPut, settings, `{"`+block+`":true}`)
		if err := s.Write(t.Context(), lines); err == nil {
			t.Errorf("%s: lines count as stored that are not", block)
		}
		call(t, s, http.MethodPut, settings, `{"`+block+`":null}`)
	}
	if err := s.Write(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "both lines, each once", 30*time.Second, func() error {
		found, err := s.Search(t.Context(), line.Query{Limit: 10})
		if err == nil && len(found) != 2 {
			err = fmt.Errorf("%+v", found)
		}
		return err
	})
}

func made(n int, message string) line.Line {
	at := storetest.Now().Add(time.Duration(n) * time.Second)
	return line.Parse([]byte(`{"message":"`+message+`"}`), line.Origin{Service: "auth", Replica: "1", Life: "17"}, int64(n), at)
}

// call makes a request of an administrator.
func call(t *testing.T, s *elastic.Store, method, path, body string) {
	t.Helper()
	if err := s.Call(t.Context(), method, path, body); err != nil {
		t.Fatal(err)
	}
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
