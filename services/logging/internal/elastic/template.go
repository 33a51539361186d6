package elastic

import (
	"context"

	"github.com/elastic/go-elasticsearch/v8/esapi"

	"fxcore/services/logging/internal/line"
)

// The two kinds of indices, after the prefix.
const (
	linesIndex   = "-logs-"
	reportsIndex = "-health-"
)

// wordsField holds the words that a line is found by. It is not part of what is shown.
const wordsField = "words"

type object = map[string]any

// settings of an index. Labels come from code, so there are few of them; beyond the limit of fields, new ones are kept and not found by.
func settings() object {
	return object{"index": object{
		"number_of_shards": 1, "auto_expand_replicas": "0-1", "refresh_interval": "1s",
		"mapping": object{"total_fields": object{"limit": 300, "ignore_dynamic_beyond_limit": true}},
	}}
}

// LinesTemplate is the index template of lines: the fields of the schema, and labels as keywords.
func LinesTemplate(prefix string) map[string]any {
	properties := object{
		wordsField: object{"type": "text", "analyzer": "whitespace", "index_options": "docs", "norms": false},
		"id":       object{"type": "keyword"}, // the document's, by which lines of one time are sorted
	}
	for name, kind := range line.Schema() {
		properties[name] = fieldOf(kind)
	}
	return object{
		"index_patterns": []string{prefix + linesIndex + "*"}, "priority": 200,
		"template": object{"settings": settings(), "mappings": object{
			"dynamic": false, "date_detection": false, "numeric_detection": false,
			"_source":    object{"excludes": []string{wordsField}},
			"properties": withLabels(properties),
			"dynamic_templates": []object{{"labels": object{
				"path_match": "labels.*", "mapping": object{"type": "keyword", "ignore_above": 1024},
			}}},
		}},
	}
}

func withLabels(properties object) object {
	properties["labels"] = object{"type": "object", "dynamic": true, "properties": object{"correlation": fieldOf(line.Keyword)}}
	return properties
}

func fieldOf(kind line.Kind) object {
	switch kind {
	case line.Keyword:
		return object{"type": "keyword", "ignore_above": 1024}
	case line.Text:
		return object{"type": "text"}
	case line.Kept:
		return object{"type": "keyword", "index": false, "doc_values": false}
	default:
		return object{"type": string(kind)}
	}
}

// ReportsTemplate is the index template of reports of health.
func ReportsTemplate(prefix string) map[string]any {
	keyword := object{"type": "keyword"}
	return object{
		"index_patterns": []string{prefix + reportsIndex + "*"}, "priority": 200,
		"template": object{"settings": settings(), "mappings": object{"dynamic": false, "properties": object{
			"@timestamp": object{"type": "date_nanos"}, "instance": keyword, "program": keyword, "version": keyword, "host": keyword,
			"started_at": object{"type": "date"}, "ready": object{"type": "boolean"}, "every": object{"type": "long"},
			"reasons": object{"properties": object{"part": keyword, "text": object{"type": "text"}}},
			"id":      keyword,
		}}},
	}
}

// putTemplates writes both templates. They count for indices that are made later.
func (s *Store) putTemplates(ctx context.Context) error {
	for name, template := range map[string]object{"logs": LinesTemplate(s.Prefix), "health": ReportsTemplate(s.Prefix)} {
		if err := s.ask(ctx, esapi.IndicesPutIndexTemplateRequest{Name: s.Prefix + "-" + name, Body: body(template)}, nil); err != nil {
			return err
		}
	}
	return nil
}
