package rest

import (
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// pace counts the requests of each token in the second that runs. Each replica has its own: a caller may use as many as there are replicas.
type pace struct {
	most int // in a second; 0: no bound

	mu     sync.Mutex
	second int64
	asked  map[string]int // by the token's hash
}

// allow counts a request, unless its token has had its share of the second.
func (p *pace) allow(hash string, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if second := now.Unix(); second != p.second || p.asked == nil {
		p.second, p.asked = second, map[string]int{}
	}
	if p.most > 0 && p.asked[hash] >= p.most {
		return false
	}
	p.asked[hash]++
	return true
}

// limit refuses what is beyond a token's share.
func (c Core) limit(api huma.API) func(huma.Context, func(huma.Context)) {
	p := &pace{most: c.Rate}
	return func(ctx huma.Context, next func(huma.Context)) {
		if who := callerOf(ctx.Context()); who.hash != "" && !p.allow(who.hash, c.Real()) {
			refusal := problem(http.StatusTooManyRequests, "too_many_requests", "Your token asks more often than it may in a second.")
			refusal.headers = http.Header{"Retry-After": {"1"}}
			write(api, ctx, refusal)
			return
		}
		next(ctx)
	}
}
