package account

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"fxcore/lambda/run"
	"fxcore/services/logging/internal/line"
)

// Life is what one process has written, in its order.
type Life struct {
	Instance string
	Entries  []Entry
	Dropped  int  // lines that it has said it dropped
	Ended    bool // nothing is to come any more
}

// Entry is one line.
type Entry struct {
	Time    time.Time
	Message string
	key     string
}

// Read reads the standard output of processes: of each instance one after another. What is no log line, such as the text of a panic, is left
// out.
func Read(outputs ...io.Reader) ([]Life, error) {
	r := reading{open: map[string]int{}}
	for _, output := range outputs {
		lines := bufio.NewReader(output)
		for {
			raw, err := lines.ReadBytes('\n')
			switch {
			case err == nil:
				r.take(raw)
				continue
			case !errors.Is(err, io.EOF): // what follows the last line feed is not written to its end yet
				return nil, fmt.Errorf("read standard output: %w", err)
			}
			break
		}
	}
	return r.lives, nil
}

// reading is the lives that were read so far.
type reading struct {
	lives []Life
	open  map[string]int // the last life of each instance
}

// head is what tells whose a line is.
type head struct {
	Time    time.Time `json:"@timestamp"`
	Service string    `json:"service.name"`
	Replica string    `json:"service.node.name"`
	Message string    `json:"message"`
	Dropped int       `json:"labels.dropped"`
}

func (r *reading) take(raw []byte) {
	var h head
	if err := json.Unmarshal(raw, &h); err != nil || h.Service == "" || h.Time.IsZero() {
		return
	}
	l := r.lifeOf(line.Instance(h.Service, h.Replica), h.Message)
	parsed := line.Parse(raw, line.Origin{Service: h.Service, Replica: h.Replica}, 0, h.Time)
	l.Entries = append(l.Entries, Entry{Time: parsed.Time, Message: parsed.Message, key: keyOf(parsed)})
	l.Dropped += h.Dropped
	l.Ended = h.Message == run.LastMessage
}

// lifeOf returns the life that a line belongs to: a new one if it is the first line of a process.
func (r *reading) lifeOf(instance, message string) *Life {
	at, known := r.open[instance]
	if !known || message == run.FirstMessage {
		if known {
			r.lives[at].Ended = true
		}
		at = len(r.lives)
		r.open[instance] = at
		r.lives = append(r.lives, Life{Instance: instance})
	}
	return &r.lives[at]
}
