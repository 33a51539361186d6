package line

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"fxcore/lambda/event"
)

// Origin is the process that wrote a line: service, replica, and the number that tells its lives apart.
type Origin struct {
	Service, Replica, Life string
}

// ParseOrigin reads "service/replica/life/first", the id of a message with lines. first is the number of its first line. An id of
// another form is an origin by itself.
func ParseOrigin(id string) (o Origin, first int64) {
	parts := strings.Split(id, "/")
	if len(parts) != 4 {
		return Origin{Life: id}, 1
	}
	first, err := strconv.ParseInt(parts[3], 10, 64)
	if err != nil {
		return Origin{Life: id}, 1
	}
	return Origin{Service: parts[0], Replica: parts[1], Life: parts[2]}, first
}

// Instance names the process among all: "auth-2".
func Instance(service, replica string) string { return service + "-" + replica }

// How far a line's time may be from that of its message. A line with another time is filed under its message's: a wrong clock must not
// make a store for a day of its own.
const (
	mostBehind = 48 * time.Hour
	mostAhead  = time.Hour
)

// Bounds of a line. A value or a name that is longer is cut off. Fields beyond the bound are counted as labels.left_out. What is nested deeper
// becomes one field, with its JSON as the value.
const (
	maxValue  = 16 << 10 // bytes
	maxName   = 128      // bytes
	maxFields = 100
	maxDepth  = 8
)

// Parse reads one line that an origin wrote. number is its number there, received about when its message was sent. A line that is no JSON
// object becomes a line with that text as its message.
func Parse(raw []byte, o Origin, number int64, received time.Time) Line {
	o.Service, o.Replica = clean(o.Service, maxName), clean(o.Replica, maxName)
	l := Line{Time: received, Sequence: number, Level: "info", Service: o.Service, Instance: Instance(o.Service, o.Replica), Fields: map[string]string{}}
	var fields map[string]any
	read := json.NewDecoder(bytes.NewReader(raw))
	read.UseNumber()
	if err := read.Decode(&fields); err != nil {
		l.Message, l.Fields[LabelPrefix+"unreadable"] = clean(string(bytes.TrimSpace(raw)), maxValue), "true"
	}
	if leftOut := l.take("", fields, maxDepth); leftOut > 0 {
		l.Fields[LabelPrefix+"left_out"] = strconv.Itoa(leftOut)
	}
	l.Time = l.Time.UTC().Truncate(time.Microsecond)
	l.ID = event.NewID(event.DayOf(l.Time), "log", o.Service, o.Replica, o.Life, strconv.FormatInt(number, 10))
	return l
}

// take files the fields of an object, in whose names those of its objects are joined by dots. It returns how many it has left out.
func (l *Line) take(prefix string, fields map[string]any, depth int) (leftOut int) {
	for _, name := range slices.Sorted(maps.Keys(fields)) { // in order, so that a line that comes again is the same
		var text string
		switch v := fields[name].(type) {
		case nil:
			continue
		case map[string]any:
			if depth > 1 {
				leftOut += l.take(prefix+name+".", v, depth-1)
				continue
			}
			text = encoded(v)
		case string:
			text = v
		case json.Number, bool:
			text = fmt.Sprint(v)
		default:
			text = encoded(v)
		}
		if !l.file(clean(prefix+name, maxName), clean(text, maxValue)) {
			leftOut++
		}
	}
	return leftOut
}

func encoded(value any) string {
	text, _ := json.Marshal(value) // it came from JSON
	return string(text)
}

// file files one field. False: the line has no room for it.
func (l *Line) file(name, value string) bool {
	switch name {
	case "@timestamp":
		at, err := time.Parse(time.RFC3339Nano, value)
		if err == nil && at.After(l.Time.Add(-mostBehind)) && at.Before(l.Time.Add(mostAhead)) {
			l.Time = at
			return true
		}
		l.Fields[LabelPrefix+"timestamp"] = value
	case "log.level":
		if l.Level = value; LevelsFrom(value) == nil {
			l.Level, l.Fields[LabelPrefix+"level"] = "info", value
		}
	case "message":
		l.Message = value
	case "service.name", "service.node.name": // as its message says
	case "trace.id":
		l.Trace = value
	case "labels.correlation", "correlation":
		l.Story = value
	case "event.sequence": // the line's own is the number among those of its process
		l.Fields[LabelPrefix+"event_sequence"] = value
	default:
		if len(l.Fields) >= maxFields {
			return false
		}
		l.Fields[place(name, value)] = value
	}
	return true
}

// clean returns a text that every store takes, of about so many bytes.
func clean(text string, most int) string {
	if len(text) > most {
		text = text[:most] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�") // PostgreSQL's text holds no zero byte
}
