package rest

import (
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// pace counts the requests of each user in the second that runs, with whatever tokens. Each replica has its own: a caller may use as many as there are replicas.
type pace struct {
	most int // in a second; 0: no bound

	mu     sync.Mutex
	second int64
	asked  map[string]int // by user
}

// allow counts a request, unless its user has had the share of the second.
func (p *pace) allow(user string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if second := now.Unix(); second != p.second || p.asked == nil {
		p.second, p.asked = second, map[string]int{}
	}
	if p.most > 0 && p.asked[user] >= p.most {
		return false
	}
	p.asked[user]++
	return true
}

// limit refuses what is beyond a user's share.
func (c Core) limit(api huma.API) func(huma.Context, func(huma.Context)) {
	p := &pace{most: c.Rate}
	return func(ctx huma.Context, next func(huma.Context)) {
		if who := callerOf(ctx.Context()); who.hash != "" && !p.allow(who.User, c.Real()) {
			write(api, ctx, tooOften("You ask more often than a user may in a second."))
			return
		}
		next(ctx)
	}
}

// tooOften is the answer to who shall ask again in a second.
func tooOften(detail string) *Problem {
	p := problem(http.StatusTooManyRequests, codeTooMany, detail)
	p.headers = http.Header{"Retry-After": {"1"}}
	return p
}
