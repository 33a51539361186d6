package engine

import (
	"fmt"
	"time"
)

// resendsAgain is how many ResendRequests in a minute may ask for what was asked for before in it. A ResendRequest has 70 bytes and may be
// answered by all messages of a session, so without a bound one provider could make the gateway write without end. Whoever asks for
// further numbers, one range after the other, is not bounded.
const resendsAgain = 10

// resends counts the provider's ResendRequests, also across its connections. Only the session's goroutine uses it.
type resends struct {
	began time.Time // of the minute
	high  int       // the highest number that was asked for in it
	again int       // requests in it that began at or below high
}

// refuse counts a request for numbers from begin to end. It returns why the request is refused; empty if it is not.
func (r *resends) refuse(begin, end int, now time.Time) string {
	if now.Sub(r.began) >= time.Minute || now.Before(r.began) {
		*r = resends{began: now}
	}
	if begin <= r.high {
		if r.again >= resendsAgain {
			left := r.began.Add(time.Minute).Sub(now).Round(time.Second)
			return fmt.Sprintf("resend refused: messages were asked for again %d times within a minute: ask again in %s", r.again, max(left, time.Second))
		}
		r.again++
	}
	r.high = max(r.high, end)
	return ""
}

// tooMany returns why a request for messages is refused; empty if it is not. end 0 means all.
func (a application) tooMany(begin, end int) string {
	if last := a.store.Out.Next() - 1; end == 0 || end > last {
		end = last
	}
	if begin > end {
		return "" // nothing is sent
	}
	return a.resends.refuse(begin, end, time.Now())
}
