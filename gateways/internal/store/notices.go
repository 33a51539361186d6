package store

import (
	"time"

	"fxcore/lambda/event"
)

// Notice is an event that tells of a message to the provider. It is stored in the commit of the message, so it is lost no more than the
// message. An Outbox publishes it.
type Notice struct {
	Event event.Event
	Wait  time.Duration // for so long another notice with the same id replaces it; 0 if none does
}

// noticed returns the notices of records as the arguments of queries/commit.sql: of those with the same id, the last one.
func noticed(records []record) (ids []string, waits []time.Duration, events [][]byte) {
	place := map[string]int{}
	for _, r := range records {
		if r.notice == nil {
			continue
		}
		e := r.notice.Event
		i, again := place[e.ID]
		if !again {
			i, place[e.ID] = len(ids), len(ids)
			ids, waits, events = append(ids, e.ID), append(waits, r.notice.Wait), append(events, nil)
		}
		events[i] = event.Append(nil, e)
	}
	return ids, waits, events
}
