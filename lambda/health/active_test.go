package health_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"fxcore/lambda/health"
)

// post is a name that this process serves or does not.
type post struct {
	mu      sync.Mutex
	yes     bool
	changed chan struct{}
}

func (p *post) serves(name string) (bool, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.yes && name == "A", p.changed
}

// set sets the answer, and reports a change even if the answer is the same.
func (p *post) set(yes bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	close(p.changed)
	p.yes, p.changed = yes, make(chan struct{})
}

func TestActiveTellsWhatThisProcessServes(t *testing.T) {
	h := health.New(identity, start)
	if code, _ := get(t, h, "/active/A"); code != http.StatusNotFound {
		t.Errorf("%d where nothing is served by one process of several", code)
	}
	h.Active((&post{yes: true, changed: make(chan struct{})}).serves)
	for name, want := range map[string]int{"A": http.StatusOK, "B": http.StatusNotFound} {
		if code, _ := get(t, h, "/active/"+name); code != want {
			t.Errorf("%s: %d, want %d", name, code, want)
		}
	}
}

// asked is an answer and the time that it took.
type asked struct {
	code  int
	after time.Duration
}

// check asks as HAProxy does, with what it believes.
func check(t *testing.T, h *health.Health, belief string) asked {
	t.Helper()
	began := time.Now()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/active/A", nil)
	if belief != "" {
		r.Header.Set("X-Haproxy-Server-State", belief)
	}
	w := httptest.NewRecorder()
	h.Handler().ServeHTTP(w, r)
	return asked{w.Code, time.Since(began)}
}

func TestAnAnswerWaitsAsLongAsItIsBelieved(t *testing.T) {
	const ok, no = http.StatusOK, http.StatusNotFound
	for name, test := range map[string]struct {
		active bool
		belief string
		want   asked
	}{
		"served, and believed to be":     {true, "UP; address=127.0.0.1; port=9; name=fix-A/one; node=here; weight=1/1; scur=0/0; qcur=0", asked{ok, health.Hold}},
		"not served, nor believed to be": {false, "DOWN 1/2; address=127.0.0.1; port=9; name=fix-A/one", asked{no, health.Hold}},
		"not served, and not routed to":  {false, "NOLB; address=127.0.0.1; port=9; name=fix-A/one", asked{no, health.Hold}},
		"served, and not routed to":      {true, "NOLB; address=127.0.0.1", asked{ok, 0}},
		"served, and not believed to be": {true, "DOWN; address=127.0.0.1", asked{ok, 0}},
		"not served, but believed to be": {false, "UP 2/3", asked{no, 0}},
		"a router without a belief":      {true, "", asked{ok, 0}},
		"a router that looks away":       {true, "MAINT; name=a", asked{ok, 0}},
		"something else":                 {false, "UPSIDE", asked{no, 0}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				h := health.New(identity, start)
				h.Active((&post{yes: test.active, changed: make(chan struct{})}).serves)
				if got := check(t, h, test.belief); got != test.want {
					t.Errorf("%+v, want %+v", got, test.want)
				}
			})
		})
	}
}

func TestAChangeIsAnsweredInTheInstantInWhichItHappens(t *testing.T) {
	for belief, active := range map[string]bool{"UP; name=a": true, "DOWN; name=a": false} {
		synctest.Test(t, func(t *testing.T) {
			p := &post{yes: active, changed: make(chan struct{})}
			h := health.New(identity, start)
			h.Active(p.serves)
			answered := make(chan asked, 1)
			go func() { answered <- check(t, h, belief) }()
			time.Sleep(100 * time.Millisecond)
			p.set(active) // a change that changes nothing
			time.Sleep(100 * time.Millisecond)
			p.set(!active)
			want := asked{http.StatusNotFound, 200 * time.Millisecond}
			if !active {
				want.code = http.StatusOK
			}
			if got := <-answered; got != want {
				t.Errorf("believed %s: %+v, want %+v", belief, got, want)
			}
		})
	}
}

// one is a listener for one connection.
type one struct {
	conn   chan net.Conn
	closed chan struct{}
}

func (l one) Accept() (net.Conn, error) {
	select {
	case c := <-l.conn:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l one) Close() error {
	close(l.closed)
	return nil
}

func (l one) Addr() net.Addr { return &net.TCPAddr{} }

// A process that ends answers the requests that wait, so that they do not delay its end.
func TestTheEndDoesNotWaitForAnAnswerThatIsHeldBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := health.New(identity, start)
		h.Active((&post{yes: true, changed: make(chan struct{})}).serves)
		ours, theirs := net.Pipe()
		l := one{make(chan net.Conn, 1), make(chan struct{})}
		l.conn <- theirs
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- h.Serve(ctx, l) }()
		if _, err := io.WriteString(ours, "GET /active/A HTTP/1.0\r\nX-Haproxy-Server-State: UP 1/1\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(health.Hold / 5)
		began := time.Now()
		cancel()
		answer, err := io.ReadAll(ours)
		if err != nil || !strings.Contains(string(answer), "200 OK") {
			t.Errorf("answered %q, %v", answer, err)
		}
		if err := <-ended; err != nil || time.Since(began) > health.Hold/5 {
			t.Errorf("ended after %s: %v", time.Since(began), err)
		}
	})
}
