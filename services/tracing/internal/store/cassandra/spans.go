package cassandra

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
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
// and errors. By its service alone a trace is found once, with the longest of the service's spans.
func (s *Store) addSpans(w *writes, spans []span.Span) {
	longest := map[serviceOf]span.Span{}
	for _, one := range spans {
		s.addSpan(w, one)
		s.addNames(w, one)
		s.addOperation(w, one)
		of := serviceOf{one.Service, one.Trace}
		if known, there := longest[of]; !there || one.Duration > known.Duration {
			longest[of] = one
		}
	}
	for _, one := range longest {
		s.addService(w, one)
	}
}

// serviceOf names the part that a service has in a trace.
type serviceOf struct{ service, trace string }

func (s *Store) addSpan(w *writes, one span.Span) {
	trace, id := traceKey(one), number(one.ID)
	refs := []ref{}
	if one.Parent != "" { // who publishes a message does not wait for what it leads to
		refs = append(refs, ref{"follows-from", trace, number(one.Parent)})
	}
	w.add(together(one.Correlation), `INSERT INTO traces (trace_id, span_id, span_hash, parent_id, operation_name, flags, start_time, duration, tags, refs, process)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) USING TTL ?`, trace, id, id, number(one.Parent), one.Name, 1, one.Start.UnixMicro(), one.Duration.Microseconds(),
		tags(one), refs, process{one.Service, []keyvalue{text(tagInstance, one.Instance)}}, ttl(s.keep.Spans))
	for _, t := range indexed(one) {
		with := together(one.Correlation)
		if t[0] == tagError {
			with = "error " + one.Service
		}
		w.add(with, "INSERT INTO tag_index (service_name, tag_key, tag_value, start_time, trace_id, span_id) VALUES (?, ?, ?, ?, ?, ?) USING TTL ?",
			one.Service, t[0], t[1], one.Start.UnixMicro(), trace, id, ttl(s.keep.Spans))
	}
}

func (s *Store) addOperation(w *writes, one span.Span) {
	w.add("operation "+one.Service+" "+one.Name, "INSERT INTO service_operation_index (service_name, operation_name, start_time, trace_id) VALUES (?, ?, ?, ?) USING TTL ?",
		one.Service, one.Name, one.Start.UnixMicro(), traceKey(one), ttl(s.keep.Spans))
	s.addDuration(w, one, one.Name)
}

// addService adds by what a trace is found if somebody asks for the service alone.
func (s *Store) addService(w *writes, one span.Span) {
	trace := traceKey(one)
	bucket := int(trace[len(trace)-1]) % buckets
	w.add("service "+one.Service+" "+strconv.Itoa(bucket), "INSERT INTO service_name_index (service_name, bucket, start_time, trace_id) VALUES (?, ?, ?, ?) USING TTL ?",
		one.Service, bucket, one.Start.UnixMicro(), trace, ttl(s.keep.Spans))
	s.addDuration(w, one, "")
}

func (s *Store) addDuration(w *writes, one span.Span, operation string) {
	hour := one.Start.Round(time.Hour)
	w.add("duration "+one.Service+" "+operation+hour.String(), `INSERT INTO duration_index (service_name, operation_name, bucket, duration, start_time, trace_id)
		VALUES (?, ?, ?, ?, ?, ?) USING TTL ?`, one.Service, operation, hour, one.Duration.Microseconds(), one.Start.UnixMicro(), traceKey(one), ttl(s.keep.Spans))
}

// traceKey returns the 16 bytes of a trace's id: see journal.Record.TraceID.
func traceKey(s span.Span) []byte {
	key, _ := hex.DecodeString(s.Trace)
	return key
}

func indexed(s span.Span) (all [][2]string) {
	if s.Failed {
		all = append(all, [2]string{tagError, "true"})
	}
	if s.Parent != "" {
		return all
	}
	for _, t := range tags(s) {
		if t.Key == tagClient || t.Key == tagReference {
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
