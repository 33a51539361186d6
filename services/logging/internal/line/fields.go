package line

import (
	"strconv"
	"strings"
)

// Kind is how a store keeps and finds a field.
type Kind string

// The kinds.
const (
	Keyword   Kind = "keyword"    // found by its whole value
	Text      Kind = "text"       // found by its words
	Long      Kind = "long"       // a whole number
	DateNanos Kind = "date_nanos" // Lines have microseconds
	Kept      Kind = "kept"       // shown, not found by
)

// LabelPrefix begins the names of the fields that the schema does not have.
const LabelPrefix = "labels."

// Schema returns the ECS fields that lines of the core have, with their kinds. All others are labels, which are keywords.
func Schema() map[string]Kind {
	return map[string]Kind{
		"@timestamp": DateNanos, "message": Text, "ecs.version": Keyword, "log.level": Keyword, "log.logger": Keyword,
		"service.name": Keyword, "service.node.name": Keyword, "service.version": Keyword,
		"trace.id": Keyword, "transaction.id": Keyword, "span.id": Keyword,
		"event.dataset": Keyword, "event.id": Keyword, "event.type": Keyword, "event.action": Keyword, "event.outcome": Keyword,
		"event.sequence": Long, "event.duration": Long, "event.reason": Text, "event.original": Kept,
		"error.message": Text, "error.type": Keyword, "error.stack_trace": Kept,
		"client.ip": Keyword, "server.address": Keyword, "user.name": Keyword,
		"http.request.method": Keyword, "http.response.status_code": Long, "url.path": Keyword,
	}
}

var schema = Schema()

// place returns the name under which a field is kept. A value that is not of the field's kind becomes a label.
func place(name, value string) string {
	kind, known := schema[name]
	switch {
	case known && kind == Long:
		if _, err := strconv.ParseInt(value, 10, 64); err == nil {
			return name
		}
	case known:
		return name
	}
	label := strings.ReplaceAll(strings.TrimPrefix(name, LabelPrefix), ".", "_")
	if strings.TrimSpace(label) == "" {
		label = "unnamed" // Elasticsearch refuses a name without a visible character
	}
	return LabelPrefix + label
}
