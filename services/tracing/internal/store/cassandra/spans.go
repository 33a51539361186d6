package cassandra

import (
	"encoding/binary"
	"encoding/hex"
	"time"

	"fxcore/services/tracing/internal/span"
)

// keyvalue, ref and process are types of Jaeger's schema.
type keyvalue struct {
	Key         string  `cql:"key"`
	ValueType   string  `cql:"value_type"`
	ValueString string  `cql:"value_string"`
	ValueBool   bool    `cql:"value_bool"`
	ValueLong   int64   `cql:"value_long"`
	ValueDouble float64 `cql:"value_double"`
	ValueBinary []byte  `cql:"value_binary"`
}

type ref struct {
	RefType string `cql:"ref_type"`
	TraceID []byte `cql:"trace_id"`
	SpanID  int64  `cql:"span_id"`
}

type process struct {
	ServiceName string     `cql:"service_name"`
	Tags        []keyvalue `cql:"tags"`
}

func text(key, value string) keyvalue {
	return keyvalue{Key: key, ValueType: "string", ValueString: value}
}

// The names of tags. Jaeger marks spans whose tag error is true.
const (
	tagMessage, tagCorrelation, tagClient, tagReference = "message.id", "correlation", "client", "reference"
	tagCode, tagText, tagError, tagInstance             = "error.code", "error.message", "error", "instance"
	buckets                                             = 10 // of Jaeger's index of services
)

// tags returns a span's tags.
func tags(s span.Span) []keyvalue {
	all := []keyvalue{text(tagMessage, s.Message), text(tagCorrelation, s.Correlation)}
	for _, t := range []keyvalue{text(tagClient, s.Client), text(tagReference, s.Reference), text(tagCode, s.Code), text(tagText, s.Text)} {
		if t.ValueString != "" {
			all = append(all, t)
		}
	}
	if s.Failed {
		all = append(all, keyvalue{Key: tagError, ValueType: "bool", ValueBool: true})
	}
	return all
}

func number(hexadecimal string) int64 {
	b, _ := hex.DecodeString(hexadecimal)
	if len(b) != 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b))
}

// addSpans adds the rows of Jaeger's tables. Tags are indexed where people search for them: a story's names at its first span,
// and errors.
func (s *Store) addSpans(w *writes, spans []span.Span) {
	keep := ttl(s.keep.Spans)
	for _, one := range spans {
		trace, _ := hex.DecodeString(one.Trace) // 16 bytes: see journal.Record.TraceID
		id, at, took := number(one.ID), one.Start.UnixMicro(), one.Duration.Microseconds()
		var refs []ref
		if one.Parent != "" { // who publishes a message does not wait for what it leads to
			refs = []ref{{"follows-from", trace, number(one.Parent)}}
		}
		w.add("traces "+one.Trace, `INSERT INTO traces (trace_id, span_id, span_hash, parent_id, operation_name, flags, start_time, duration, tags, refs, process)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?`, trace, id, id, number(one.Parent), one.Name, 1, at, took, tags(one), refs,
			process{one.Service, []keyvalue{text(tagInstance, one.Instance)}}, keep)
		s.addNames(w, one)
		w.add("operation "+one.Service+" "+one.Name, "INSERT INTO service_operation_index (service_name, operation_name, start_time, trace_id) VALUES (?, ?, ?, ?) USING TTL ?",
			one.Service, one.Name, at, trace, keep)
		bucket := int(trace[len(trace)-1]) % buckets
		w.add("service "+one.Service+" "+string(rune('0'+bucket)), "INSERT INTO service_name_index (service_name, bucket, start_time, trace_id) VALUES (?, ?, ?, ?) USING TTL ?",
			one.Service, bucket, at, trace, keep)
		hour := one.Start.Round(time.Hour)
		for _, operation := range []string{one.Name, ""} {
			w.add("duration "+one.Service+" "+operation+hour.String(), `INSERT INTO duration_index (service_name, operation_name, bucket, duration, start_time, trace_id)
				VALUES (?, ?, ?, ?, ?, ?) USING TTL ?`, one.Service, operation, hour, took, at, trace, keep)
		}
		for _, t := range indexed(one) {
			w.add("tag "+one.Service+" "+t[0]+" "+t[1], "INSERT INTO tag_index (service_name, tag_key, tag_value, start_time, trace_id, span_id) VALUES (?, ?, ?, ?, ?, ?) USING TTL ?",
				one.Service, t[0], t[1], at, trace, id, keep)
		}
	}
}

func indexed(s span.Span) (all [][2]string) {
	if s.Failed {
		all = append(all, [2]string{tagError, "true"})
	}
	if s.Parent != "" {
		return all
	}
	for _, t := range tags(s) {
		if t.Key == tagCorrelation || t.Key == tagClient || t.Key == tagReference {
			all = append(all, [2]string{t.Key, t.ValueString})
		}
	}
	return all
}

// addNames adds a service and its operation to Jaeger's lists, once while this process runs.
func (s *Store) addNames(w *writes, one span.Span) {
	s.mu.Lock()
	known := s.named[one.Service+" "+one.Name]
	s.named[one.Service+" "+one.Name] = true
	s.mu.Unlock()
	if known {
		return
	}
	w.add("name "+one.Service, "INSERT INTO service_names (service_name) VALUES (?)", one.Service)
	w.add("names "+one.Service, "INSERT INTO operation_names_v2 (service_name, span_kind, operation_name) VALUES (?, ?, ?)", one.Service, "", one.Name)
}
