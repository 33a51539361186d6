package health

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Serves tells, at once, whether this process is the one that serves a name, and a channel that is closed when the answer
// may have become another. A nil channel is one that nobody closes.
type Serves func(name string) (yes bool, changed <-chan struct{})

// Active registers what tells whether this process is the one that serves a name.
func (h *Health) Active(serves Serves) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active = serves
}

// A router that asks again and again hears of a change as late as its interval, or pays for a short one. HAProxy tells
// with each check what it believes (http-check send-state): as long as that is right the answer is held back, at most
// for Hold, and given in the instant in which it is right no more. The router's own timeout must be longer than Hold.
//
// Where the name is not served the answer is 404 and no failure, so that a router can tell a process that has given it up,
// and ends its connections by itself, from one that answers no more: see HAProxy's http-check disable-on-404.
const (
	Hold       = 500 * time.Millisecond
	beliefName = "X-Haproxy-Server-State"
)

func (h *Health) isActive(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	serves := h.active
	h.mu.Unlock()
	if serves == nil {
		serves = func(string) (bool, <-chan struct{}) { return false, nil }
	}
	code, yes := http.StatusOK, await(r.Context(), serves, r.PathValue("name"), r.Header.Get(beliefName))
	if !yes {
		code = http.StatusNotFound
	}
	answer(w, code, map[string]bool{"active": yes})
}

// await returns what is true once it differs from what the router believes, or after Hold. A router that believes nothing
// that could be right or wrong (it has not checked yet, or was told to leave the server alone) is not kept waiting.
func await(ctx context.Context, serves Serves, name, belief string) bool {
	yes, changed := serves(name)
	word, _, _ := strings.Cut(belief, ";") // "UP; address=…", or "UP 1/3; …" where it is not sure yet
	word, _, _ = strings.Cut(word, " ")
	up, down := word == "UP", word == "DOWN" || word == "NOLB" // not to be balanced to: what 404 makes of it
	if !up && !down {
		return yes
	}
	ctx, cancel := context.WithTimeout(ctx, Hold)
	defer cancel()
	for yes == up {
		select {
		case <-changed:
			yes, changed = serves(name)
		case <-ctx.Done():
			return yes
		}
	}
	return yes
}
