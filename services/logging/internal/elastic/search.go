package elastic

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"fxcore/services/logging/internal/history"
	"fxcore/services/logging/internal/line"
)

// hits is the server's answer to a search.
type hits struct {
	Hits struct {
		Hits []struct {
			ID     string          `json:"_id"`
			Source json.RawMessage `json:"_source"`
		}
	}
}

// Search returns the lines that a query finds, the newest first. What was written a second ago may be missing.
func (s *Store) Search(ctx context.Context, q line.Query) ([]line.Line, error) {
	search := object{
		"size": q.Limit, "query": object{"bool": object{"filter": filters(q)}},
		"sort": []object{{"@timestamp": object{"order": "desc", "format": "strict_date_optional_time_nanos"}}, {"id": "desc"}},
	}
	if !q.After.IsZero() {
		search["search_after"] = []any{q.After.Time.UTC().Format(timeForm), q.After.ID}
	}
	found, err := s.search(ctx, linesIndex, search)
	if err != nil {
		return nil, err
	}
	lines := make([]line.Line, len(found.Hits.Hits))
	for i, hit := range found.Hits.Hits {
		if lines[i], err = line.Restore(hit.ID, hit.Source); err != nil {
			return nil, fmt.Errorf("elasticsearch: read line %s: %w", hit.ID, err)
		}
	}
	return lines, nil
}

// search asks the indices of one kind. Where there is none yet, nothing is found.
func (s *Store) search(ctx context.Context, kind string, search object) (found hits, err error) {
	yes := true
	request := esapi.SearchRequest{Index: []string{s.Prefix + kind + "*"}, Body: body(search), IgnoreUnavailable: &yes, AllowNoIndices: &yes}
	if err := s.ask(ctx, request, &found); err != nil && !isMissing(err) {
		return found, err
	}
	return found, nil
}

// filters are the conditions of a query.
func filters(q line.Query) []object {
	conditions := []object{}
	term := func(field, value string) {
		if value != "" {
			conditions = append(conditions, object{"term": object{field: value}})
		}
	}
	term("service.name", q.Service)
	term("service.node.name", q.Instance)
	term("labels.correlation", q.Story)
	term("trace.id", q.Trace)
	for _, word := range line.Words(q.Text) {
		term(wordsField, word)
	}
	if levels := line.LevelsFrom(q.Level); levels != nil {
		conditions = append(conditions, object{"terms": object{"log.level": levels}})
	}
	return append(conditions, between(q.From, q.To)...)
}

func between(from, to time.Time) []object {
	bounds := object{}
	if !from.IsZero() {
		bounds["gte"] = from.UTC().Format(timeForm)
	}
	if !to.IsZero() {
		bounds["lt"] = to.UTC().Format(timeForm)
	}
	if len(bounds) == 0 {
		return nil
	}
	return []object{{"range": object{"@timestamp": bounds}}}
}

// Reports returns the reports of an instance, of all if it is empty, from from (inclusive) to to (exclusive), the newest first, at most
// limit.
func (s *Store) Reports(ctx context.Context, instance string, from, to time.Time, limit int) ([]history.Report, error) {
	conditions := between(from, to)
	if instance != "" {
		conditions = append(conditions, object{"term": object{"instance": instance}})
	}
	found, err := s.search(ctx, reportsIndex, object{
		"size": limit, "query": object{"bool": object{"filter": conditions}}, "sort": []object{{"@timestamp": "desc"}, {"id": "desc"}},
	})
	if err != nil {
		return nil, err
	}
	reports := make([]history.Report, len(found.Hits.Hits))
	for i, hit := range found.Hits.Hits {
		if reports[i], err = restore(hit.Source); err != nil {
			return nil, fmt.Errorf("elasticsearch: read report %s: %w", hit.ID, err)
		}
	}
	return reports, nil
}

func restore(source []byte) (history.Report, error) {
	var d struct {
		Time     time.Time        `json:"@timestamp"`
		ID       string           `json:"id"`
		Instance string           `json:"instance"`
		Program  string           `json:"program"`
		Version  string           `json:"version"`
		Host     string           `json:"host"`
		Started  time.Time        `json:"started_at"`
		Ready    bool             `json:"ready"`
		Reasons  []history.Reason `json:"reasons"`
		Every    int64            `json:"every"`
	}
	err := json.Unmarshal(source, &d)
	return history.Report{
		ID: d.ID, Instance: d.Instance, Program: d.Program, Version: d.Version, Host: d.Host, At: d.Time.UTC(), Started: d.Started.UTC(),
		Ready: d.Ready, Reasons: d.Reasons, Every: time.Duration(d.Every),
	}, err
}
