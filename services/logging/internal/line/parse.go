package line

import (
	"bytes"
	"encoding/json"
	"fmt"
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

const maxValue = 16 << 10 // bytes of one value; the rest is cut off

// Parse reads one line that an origin wrote. number is its number there, received about when its message was sent. A line that is no JSON
// object becomes a line with that text as its message.
func Parse(raw []byte, o Origin, number int64, received time.Time) Line {
	l := Line{Time: received, Sequence: number, Level: "info", Service: o.Service, Instance: Instance(o.Service, o.Replica), Fields: map[string]string{}}
	var fields map[string]any
	read := json.NewDecoder(bytes.NewReader(raw))
	read.UseNumber()
	if err := read.Decode(&fields); err != nil {
		l.Message, l.Fields[LabelPrefix+"unreadable"] = bounded(string(bytes.TrimSpace(raw))), "true"
	}
	l.take("", fields)
	l.Time = l.Time.UTC().Truncate(time.Microsecond)
	l.ID = event.NewID(event.DayOf(l.Time), "log", o.Service, o.Replica, o.Life, strconv.FormatInt(number, 10))
	return l
}

// take files the fields of an object, in whose names those of its objects are joined by dots.
func (l *Line) take(prefix string, fields map[string]any) {
	for name, value := range fields {
		switch v := value.(type) {
		case nil:
		case map[string]any:
			l.take(prefix+name+".", v)
		case string:
			l.file(prefix+name, v)
		case json.Number, bool:
			l.file(prefix+name, fmt.Sprint(v))
		default:
			text, _ := json.Marshal(v) // it came from JSON
			l.file(prefix+name, string(text))
		}
	}
}

func (l *Line) file(name, value string) {
	value = bounded(value)
	switch name {
	case "@timestamp":
		at, err := time.Parse(time.RFC3339Nano, value)
		if err == nil && at.After(l.Time.Add(-mostBehind)) && at.Before(l.Time.Add(mostAhead)) {
			l.Time = at
			return
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
	default:
		l.Fields[place(name, value)] = value
	}
}

func bounded(value string) string {
	if len(value) > maxValue {
		value = value[:maxValue] + "…"
	}
	return strings.ReplaceAll(strings.ToValidUTF8(value, "�"), "\x00", "�") // PostgreSQL's text holds no zero byte
}
