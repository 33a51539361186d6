package health

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Serves tells, without waiting, whether this process serves a name. It also returns a channel that is closed when the answer
// may have changed; nil if the answer never changes.
type Serves func(name string) (yes bool, changed <-chan struct{})

// Active registers the function that tells whether this process serves a name. Without one, the process serves none.
func (h *Health) Active(serves Serves) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.active = serves
}

// How a router learns of a change at once. A router that asks at intervals learns of a change one interval late, and a short
// interval costs work. HAProxy sends with each check what it believes (http-check send-state). As long as that is right, the
// answer waits, for at most Hold. As soon as it is wrong, the answer is given. The router's own timeout must be longer than
// Hold.
//
// For a name that is not served the answer is 404, which is no failure: with http-check disable-on-404, HAProxy tells a process
// that has given up the name, and ends its connections itself, from one that does not answer.
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

// await tells whether the name is served. It answers as soon as the answer differs from what the router believes, or after Hold.
// It answers at once if the router has no belief: it has not checked yet, or the server is in maintenance.
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
