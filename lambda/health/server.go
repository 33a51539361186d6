package health

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// The server's bounds. A CPU profile takes 30 s by default, so writing may take longer than that.
const (
	readBound  = 5 * time.Second
	writeBound = 90 * time.Second
	closeBound = time.Second
)

// Handler serves the paths listed in the package's documentation.
func (h *Health) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]bool{"live": true})
	})
	mux.HandleFunc("GET /ready", h.ready)
	mux.HandleFunc("GET /started", h.hasStarted)
	mux.HandleFunc("GET /status", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusOK, h.Status(r.Context()))
	})
	mux.HandleFunc("GET /active/{name}", h.isActive)
	h.mu.Lock()
	for pattern, handler := range h.handlers {
		mux.Handle(pattern, handler)
	}
	h.mu.Unlock()
	return mux
}

// ServeProfiles serves profiles as well. They show what is in memory, which holds secrets. Call it before Serve.
func (h *Health) ServeProfiles() {
	for path, handler := range map[string]http.HandlerFunc{"": pprof.Index, "profile": pprof.Profile, "symbol": pprof.Symbol, "trace": pprof.Trace} {
		h.Handle("GET /debug/pprof/"+path, handler)
	}
}

// Handle serves one more path of the program's own beside the others. Call it before Serve.
func (h *Health) Handle(pattern string, handler http.Handler) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.handlers[pattern] = handler
}

func (h *Health) ready(w http.ResponseWriter, r *http.Request) {
	reasons, code := h.Reasons(r.Context()), http.StatusOK
	if len(reasons) > 0 {
		code = http.StatusServiceUnavailable
	}
	answer(w, code, map[string]any{"ready": len(reasons) == 0, "reasons": reasons})
}

// hasStarted serves who replaces processes. A replica that never becomes ready must not take the place of one that works. But a server that
// is away makes all replicas unready, and ending them would not bring it back.
func (h *Health) hasStarted(w http.ResponseWriter, r *http.Request) {
	if !h.started.Load() {
		if reasons := h.Reasons(r.Context()); len(reasons) > 0 {
			answer(w, http.StatusServiceUnavailable, map[string]any{"started": false, "reasons": reasons})
			return
		}
		h.started.Store(true)
	}
	answer(w, http.StatusOK, map[string]bool{"started": true})
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the caller has gone: nobody to tell
}

// Listen opens the address that health is served on. "host:0" takes any free port: ask the listener which.
func Listen(ctx context.Context, address string) (net.Listener, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("serve health on %s: %w", address, err)
	}
	return listener, nil
}

// Serve answers on the listener until the context ends, and closes it.
func (h *Health) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{Handler: h.Handler(), ReadHeaderTimeout: readBound, ReadTimeout: readBound, WriteTimeout: writeBound}
	server.BaseContext = func(net.Listener) context.Context { return ctx } // ends requests to /active that are still waiting
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeBound)
		defer cancel()
		if err := server.Shutdown(bounded); err != nil {
			_ = server.Close() // a profile may still be running: it ends here
		}
	})
	err := server.Serve(listener)
	if !stop() {
		<-stopped
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve health: %w", err)
}
