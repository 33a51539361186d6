package rest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"fxcore/services/monitoring/internal/changes"
	"fxcore/services/web"
)

// writeBound is how long a listener may take to accept an event, and allowedEach how often it is asked whether it may still listen.
const (
	writeBound  = 5 * time.Second
	allowedEach = 10 * time.Second
)

// told is the data of an event without a name: what to read again.
type told struct {
	At     time.Time `json:"at"`
	Topics []string  `json:"topics"`
}

// tick is the data of the event tick: how old what monitoring itself has looked at is, in milliseconds.
type tick struct {
	At   time.Time        `json:"at"`
	Ages map[string]int64 `json:"ages"`
}

// events tells what changes, as server-sent events. An event without a name lists the topics that have changed since the listener's position; all
// of them if the position is of another replica. The event tick comes each second.
func (i *Interface) events(w http.ResponseWriter, r *http.Request) {
	from, known := changes.ParsePosition(r.Header.Get("Last-Event-ID"))
	if !known {
		from = changes.Position{}
	}
	leave, err := i.Listeners.Enter(i.caller(r), "streams of yours")
	if err != nil {
		web.Refusing(err.(*web.Problem))(w, r) //nolint:errorlint,forcetypeassert // as Enter promises
		return
	}
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	answer := http.NewResponseController(w)
	write := func(text string) error {
		_ = answer.SetWriteDeadline(time.Now().Add(writeBound))
		if _, err := w.Write([]byte(text)); err != nil {
			return err
		}
		return answer.Flush()
	}
	if write(": listening\n\n") != nil {
		return
	}
	allowed := i.Now()
	_ = i.Changes.Listen(r.Context(), from, func(n changes.News) error {
		if n.At.Sub(allowed) >= allowedEach {
			if i.Allowed != nil && !i.Allowed(r) {
				return http.ErrAbortHandler
			}
			allowed = n.At
		}
		return write(newsText(n))
	}) // the listener is gone, or comes again
}

func newsText(n changes.News) string {
	var b strings.Builder
	if len(n.Topics) > 0 {
		data, _ := json.Marshal(told{n.At.UTC(), n.Topics}) // never fails
		fmt.Fprintf(&b, "id: %s\ndata: %s\n\n", n.To, data)
	}
	t := tick{n.At.UTC(), map[string]int64{}}
	for topic, age := range n.Ages {
		t.Ages[topic] = age.Milliseconds()
	}
	data, _ := json.Marshal(t) // never fails
	fmt.Fprintf(&b, "event: tick\ndata: %s\n\n", data)
	return b.String()
}
