package line

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// Restore reads a line from a document with its fields by their ECS names, which may be nested objects. Error: it is none.
func Restore(id string, document []byte) (Line, error) {
	var fields map[string]any
	read := json.NewDecoder(bytes.NewReader(document))
	read.UseNumber()
	if err := read.Decode(&fields); err != nil {
		return Line{}, fmt.Errorf("read document: %w", err)
	}
	flat := map[string]string{}
	flatten(flat, "", fields)
	l := Line{ID: id, Fields: flat}
	at, err := time.Parse(time.RFC3339Nano, flat["@timestamp"])
	if err != nil {
		return Line{}, fmt.Errorf("read document: %w", err)
	}
	l.Time = at.UTC()
	l.Sequence, _ = strconv.ParseInt(flat["event.sequence"], 10, 64) // 0 where somebody else wrote the document
	for name, into := range map[string]*string{
		"log.level": &l.Level, "message": &l.Message, "service.name": &l.Service, "service.node.name": &l.Instance,
		"labels.correlation": &l.Story, "trace.id": &l.Trace,
	} {
		*into = flat[name]
		delete(flat, name)
	}
	delete(flat, "@timestamp")
	delete(flat, "event.sequence")
	delete(flat, "id")
	return l, nil
}

func flatten(into map[string]string, prefix string, fields map[string]any) {
	for name, value := range fields {
		switch v := value.(type) {
		case nil:
		case map[string]any:
			flatten(into, prefix+name+".", v)
		case string:
			into[prefix+name] = v
		default:
			into[prefix+name] = fmt.Sprint(v)
		}
	}
}
