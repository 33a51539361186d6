package elastic_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/logging/internal/elastic"
	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
)

// savedObject is one line of the file that Kibana imports.
type savedObject struct {
	Type       string
	ID         string
	Attributes struct {
		Title, TimeFieldName, VisState, PanelsJSON string
		Columns                                    []string
		Sort                                       [][]string
		KibanaSavedObjectMeta                      struct{ SearchSourceJSON string }
	}
	References []struct{ ID, Name, Type string }
}

const savedObjects = "../../../../observability/kibana/fxcore.ndjson"

func readObjects(t *testing.T) []savedObject {
	t.Helper()
	file, err := os.ReadFile(savedObjects)
	if err != nil {
		t.Fatal(err)
	}
	var all []savedObject
	for text := bufio.NewScanner(bytes.NewReader(file)); text.Scan(); {
		var o savedObject
		if err := json.Unmarshal(text.Bytes(), &o); err != nil {
			t.Fatalf("%v: %s", err, text.Text())
		}
		all = append(all, o)
	}
	if len(all) < 10 {
		t.Fatalf("only %d objects", len(all))
	}
	return all
}

// pattern is the index pattern that an object looks at.
func (o savedObject) pattern() string {
	for _, r := range o.References {
		if r.Type == "index-pattern" {
			return r.ID
		}
	}
	return ""
}

func (o savedObject) query(t *testing.T) string {
	t.Helper()
	var source struct {
		Query struct{ Query, Language string }
	}
	if text := o.Attributes.KibanaSavedObjectMeta.SearchSourceJSON; text == "" {
		return ""
	} else if err := json.Unmarshal([]byte(text), &source); err != nil || source.Query.Language != "kuery" {
		t.Errorf("%s: %v, language %q", o.ID, err, source.Query.Language)
	}
	return source.Query.Query
}

// Kibana cannot be run here, so the references are checked as its import does.
func TestEachReferenceOfTheSavedObjectsIsThere(t *testing.T) {
	t.Parallel()
	all := readObjects(t)
	known := map[string]bool{}
	for _, o := range all {
		if o.Type == "" || o.ID == "" || o.Attributes.Title == "" || known[o.Type+"/"+o.ID] {
			t.Errorf("%s/%s has no name, or is there twice", o.Type, o.ID)
		}
		known[o.Type+"/"+o.ID] = true
	}
	refName := regexp.MustCompile(`"(?:indexRefName|panelRefName)": ?"([^"]+)"`)
	for _, o := range all {
		var names []string
		for _, r := range o.References {
			names = append(names, r.Name)
			if !known[r.Type+"/"+r.ID] {
				t.Errorf("%s refers to %s/%s, which is not there", o.ID, r.Type, r.ID)
			}
		}
		for _, m := range refName.FindAllStringSubmatch(o.Attributes.PanelsJSON+o.Attributes.KibanaSavedObjectMeta.SearchSourceJSON, -1) {
			if !slices.Contains(names, m[1]) {
				t.Errorf("%s uses the reference %s, which it does not have", o.ID, m[1])
			}
		}
	}
}

var fieldOfQuery = regexp.MustCompile(`([\w.@]+) :`)

// fields lists the fields that an object uses.
func (o savedObject) fields(t *testing.T) []string {
	t.Helper()
	used := slices.Clone(o.Attributes.Columns)
	for _, by := range o.Attributes.Sort {
		used = append(used, by[0])
	}
	for _, m := range fieldOfQuery.FindAllStringSubmatch(o.query(t), -1) {
		used = append(used, m[1])
	}
	if o.Attributes.VisState != "" {
		var state struct {
			Aggs []struct{ Params struct{ Field string } }
		}
		if err := json.Unmarshal([]byte(o.Attributes.VisState), &state); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
		for _, a := range state.Aggs {
			if a.Params.Field != "" {
				used = append(used, a.Params.Field)
			}
		}
	}
	return used
}

func TestEachFieldOfTheSavedObjectsIsInTheIndexTemplate(t *testing.T) {
	t.Parallel()
	templates := map[string]map[string]any{"fxcore-logs": elastic.LinesTemplate("fxcore"), "fxcore-health": elastic.ReportsTemplate("fxcore")}
	for _, o := range readObjects(t) {
		if o.Type == "index-pattern" {
			if patterns := templates[o.ID]["index_patterns"]; !slices.Equal(patterns.([]string), []string{o.Attributes.Title}) || o.Attributes.TimeFieldName != "@timestamp" {
				t.Errorf("%s looks at %s, the template is for %v", o.ID, o.Attributes.Title, patterns)
			}
			continue
		}
		for _, field := range o.fields(t) {
			text, err := json.Marshal(templates[o.pattern()])
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(field, "labels.") && !bytes.Contains(text, []byte(`"`+field+`":{"`)) {
				t.Errorf("%s uses %s, which the template of %s does not have", o.ID, field, o.pattern())
			}
		}
	}
}

// Each query finds the line that it is for on a real server. The queries use what Kibana's language has in common with the server's own.
func TestEachQueryOfTheSavedObjectsFindsItsLines(t *testing.T) {
	url, prefix := testkit.Elasticsearch(t)
	s, err := elastic.Open(url, prefix, 72*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close(t.Context()) })
	if err := s.Tend(t.Context(), time.Now()); err != nil {
		t.Fatal(err)
	}
	var lines []line.Line
	for n, raw := range []string{
		`{"log.level":"error","message":"event goes to the error queue","labels.correlation":"T-1","queue":"trading"}`,
		`{"log.level":"warn","message":"log lines were dropped before they were sent: standard output has them","labels.dropped":7}`,
		`{"log.level":"warn","message":"database away, waiting"}`,
	} {
		lines = append(lines, line.Parse([]byte(raw), line.Origin{Service: "auth", Replica: "2", Life: "1"}, int64(n+1), time.Now()))
	}
	if err := s.Write(t.Context(), lines); err != nil {
		t.Fatal(err)
	}
	report := history.Report{ID: lines[0].ID, Instance: "auth-2", At: time.Now(), Reasons: []history.Reason{{Part: "postgres", Text: "away"}}}
	if err := s.WriteReports(t.Context(), []history.Report{report}); err != nil {
		t.Fatal(err)
	}
	for _, o := range readObjects(t) {
		if o.Type != "search" && o.Type != "visualization" {
			continue
		}
		index := prefix + strings.TrimPrefix(o.pattern(), "fxcore") + "-*"
		testkit.Eventually(t, o.ID, 20*time.Second, func() error { return finds(t, url, index, o.query(t)) })
	}
}

// finds returns nil if a query of Kibana's language finds something.
func finds(t *testing.T, url, index, query string) error {
	t.Helper()
	if query == "" {
		query = "*"
	}
	lucene := strings.NewReplacer(" : ", ":", " or ", " OR ").Replace(query)
	body, err := json.Marshal(map[string]any{"query": map[string]any{"query_string": map[string]any{"query": lucene}}})
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/"+index+"/_search", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var found struct {
		Hits struct{ Total struct{ Value int } }
	}
	if err := json.Unmarshal(answer, &found); err != nil || found.Hits.Total.Value == 0 {
		return fmt.Errorf("%s finds nothing: %s", lucene, answer)
	}
	return nil
}
