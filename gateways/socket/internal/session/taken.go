package session

import (
	"fmt"
	"math"

	"fxcore/gateways/socket/message"
)

// maxTaken bounds how many requests are remembered as taken: more than a provider sends before it reads that they are received.
const maxTaken = 4_096

// taken are the last requests that were taken, by their numbers. One goroutine at a time uses it: that which takes.
type taken struct {
	first int
	last  []takenRequest
}

// takenRequest is a request as it was sent last.
type takenRequest struct {
	event string // its id: made of what it says
	visit int    // on which connection
}

// note takes in the request that was due.
func (t *taken) note(number int, event string, visit int) {
	if number < t.first || number > t.first+len(t.last) {
		t.first, t.last = number, nil
	}
	t.last = append(t.last[:number-t.first], takenRequest{event, visit}) // one that was busy is due again
	if len(t.last) > maxTaken {
		t.last[0] = takenRequest{}
		t.last = t.last[1:]
		t.first++
	}
}

// before tells whether a request was sent before, and only on connections that ended. It was sent on this one from now on.
func (t *taken) before(number int, event string, visit int) bool {
	i := number - t.first
	if i < 0 || i >= len(t.last) || t.last[i].event != event || t.last[i].visit == visit {
		return false
	}
	t.last[i].visit = visit
	return true
}

// underWay tells whether the answers to a request that was taken on an earlier connection are told on this one anyway: it is sent
// again because the provider had not read that it is received.
func (v *visit) underWay(number int, event string) (bool, error) {
	if !v.session.taken.before(number, event, v.number) {
		return false, nil
	}
	received, err := v.received()
	return number > received, err
}

// received is how far the provider's requests were received by the last message before its place: it has read that. Where
// that message is not kept, the provider is taken to know all.
func (v *visit) received() (int, error) {
	last := v.place.next - 1
	if last == 0 {
		return 0, nil
	}
	sent, err := v.messages(last, last)
	if err != nil || len(sent) == 0 {
		return math.MaxInt, err
	}
	_, head, err := message.ParseHead(sent[0].Body)
	if err != nil {
		return 0, fmt.Errorf("read message %d: %w", last, err)
	}
	return int(head.Received), nil
}
