package session

import (
	"fmt"
	"math"

	"fxcore/gateways/socket/message"
)

// maxTaken is how many taken requests are remembered. It must exceed what a provider sends before it reads the answers.
const maxTaken = 4_096

// taken has the last requests that were taken, by their numbers. Only the goroutine that calls take uses it.
type taken struct {
	first int
	last  []takenRequest
}

// takenRequest describes a request as the provider sent it last.
type takenRequest struct {
	event string // id of its event, derived from its content
	visit int    // the connection on which it was sent
}

// note remembers the request that was due.
func (t *taken) note(number int, event string, visit int) {
	if number < t.first || number > t.first+len(t.last) {
		t.first, t.last = number, nil
	}
	t.last = append(t.last[:number-t.first], takenRequest{event, visit}) // a request that was refused as Busy is due again
	if len(t.last) > maxTaken {
		t.last[0] = takenRequest{}
		t.last = t.last[1:]
		t.first++
	}
}

// before reports whether the same request was sent before, on an earlier connection only. It then notes the present
// connection, so the next call for this connection returns false.
func (t *taken) before(number int, event string, visit int) bool {
	i := number - t.first
	if i < 0 || i >= len(t.last) || t.last[i].event != event || t.last[i].visit == visit {
		return false
	}
	t.last[i].visit = visit
	return true
}

// underWay reports whether this connection will send the answers to a repeated request anyway: the request was taken on an
// earlier connection, and the provider repeats it because it has not read the answers yet.
func (v *visit) underWay(number int, event string) (bool, error) {
	if !v.session.taken.before(number, event, v.number) {
		return false, nil
	}
	received, err := v.received()
	return number > received, err
}

// received returns up to which number requests were received, as told by the last message before the connection's place. The
// provider has read that message. If the message is not kept, received assumes that the provider knows of all requests.
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
