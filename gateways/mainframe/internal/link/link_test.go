package link

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/testkit"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

// silence is how long a link of these tests waits for a host that says nothing.
const silence = 300 * time.Millisecond

// open makes a link to a host that answers, however busy the machine is.
func open(t *testing.T, addr string) *Link {
	t.Helper()
	return openFor(t, addr, time.Minute)
}

func openFor(t *testing.T, addr string, timeout time.Duration) *Link {
	t.Helper()
	cfg := Config{Addr: addr, DialTimeout: timeout, Timeout: timeout, Failures: 3, Rest: 50 * time.Millisecond}
	l, err := New(cfg, hosttest.Trust(t, "mainframe"), "test", testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// pings returns n calls; heard lists the numbers of those that are answered.
func pings(n int, heard *[]int) []*Call {
	calls := make([]*Call, n)
	for i := range calls {
		calls[i] = &Call{Function: wire.Ping, Accept: func(wire.Frame) error {
			*heard = append(*heard, i)
			return nil
		}}
	}
	return calls
}

// serve runs a host that the test writes itself. It hands each connection to talk.
func serve(t *testing.T, talk func(c wire.Codec, in *bufio.Reader, conn net.Conn)) (addr string) {
	t.Helper()
	codec, err := wire.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	ln, err := tls.Listen("tcp", "127.0.0.1:0", hosttest.Trust(t, "mainframe-simulator").Server("mainframe"))
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			talk(codec, bufio.NewReader(conn), conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = ln.Close()
		<-done
	})
	return ln.Addr().String()
}

func TestAnswersInAnyOrderFindTheirCalls(t *testing.T) {
	addr := serve(t, func(c wire.Codec, in *bufio.Reader, conn net.Conn) {
		var frames []wire.Frame
		for range 3 {
			f, err := c.Read(in)
			if err != nil {
				return
			}
			f.Kind = wire.Answer
			frames = append(frames, f)
		}
		for _, f := range slices.Backward(frames) {
			b, _ := c.Append(nil, f)
			_, _ = conn.Write(b)
		}
		_, _ = c.Read(in) // until the link closes
	})
	var heard []int
	if err := open(t, addr).Exchange(context.Background(), pings(3, &heard)); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(heard, []int{2, 1, 0}) {
		t.Errorf("heard %v", heard)
	}
}

func TestThousandsOfRequestsAreInFlightAtOnce(t *testing.T) {
	var heard []int
	if err := open(t, hosttest.Start(t).Addr).Exchange(context.Background(), pings(5000, &heard)); err != nil {
		t.Fatal(err)
	}
	if len(heard) != 5000 {
		t.Errorf("%d answers", len(heard))
	}
}

func TestSilentHostIsWaitedForAsLongAsTheTimeout(t *testing.T) {
	addr := serve(t, func(c wire.Codec, in *bufio.Reader, _ net.Conn) {
		for {
			if _, err := c.Read(in); err != nil {
				return
			}
		}
	})
	var heard []int
	started := time.Now()
	err := openFor(t, addr, silence).Exchange(context.Background(), pings(1, &heard))
	if took := time.Since(started); !errors.Is(err, ErrAway) || took < silence {
		t.Errorf("%v after %s", err, took)
	}
}

func TestEndOfTheContextEndsTheWait(t *testing.T) {
	addr := serve(t, func(c wire.Codec, in *bufio.Reader, _ net.Conn) { _, _ = c.Read(in); _, _ = c.Read(in) })
	l := open(t, addr)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var heard []int
	if err := l.Exchange(ctx, pings(1, &heard)); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

func TestBreakerOpensAndHeals(t *testing.T) {
	host := hosttest.Start(t)
	l := open(t, host.Addr)
	var heard []int
	ask := func() error { return l.Exchange(context.Background(), pings(1, &heard)) }
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	host.Order("/away?how=refuse&for=1m")
	testkit.Eventually(t, "the breaker to open", time.Minute, func() error {
		if err := ask(); !errors.Is(err, ErrAway) {
			return errors.New("still there")
		}
		if l.Ready(context.Background()) == nil {
			return errors.New("ready")
		}
		return nil
	})
	host.Order("/well")
	testkit.Eventually(t, "the breaker to close", time.Minute, ask)
	if err := l.Ready(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestEveryWrongAnswerIsNoticedAndTheNextConnectionIsGood(t *testing.T) {
	host := hosttest.Start(t)
	for _, how := range []string{"garbage", "partial", "correlation", "error"} {
		t.Run(how, func(t *testing.T) {
			l := open(t, host.Addr)
			host.Order("/wrong?how=" + how + "&for=1m")
			var heard []int
			ask := func() error {
				calls := pings(1, &heard)
				calls[0].Accept = func(answer wire.Frame) error {
					if answer.Code != wire.Done {
						return errors.New("host error")
					}
					return nil
				}
				return l.Exchange(context.Background(), calls)
			}
			if err := ask(); !errors.Is(err, ErrAway) {
				t.Errorf("%v", err)
			}
			host.Order("/well")
			if err := ask(); err != nil {
				t.Error(err)
			}
		})
	}
}

// Calls wait for a slow host together: this one answers none of them before it has read all.
func TestCallsWaitTogether(t *testing.T) {
	const n = 3000
	addr := serve(t, func(c wire.Codec, in *bufio.Reader, conn net.Conn) {
		var answers []byte
		for range n {
			f, err := c.Read(in)
			if err != nil {
				return
			}
			f.Kind = wire.Answer
			answers, _ = c.Append(answers, f)
		}
		_, _ = conn.Write(answers)
		_, _ = c.Read(in) // until the link closes
	})
	var heard []int
	if err := open(t, addr).Exchange(context.Background(), pings(n, &heard)); err != nil || len(heard) != n {
		t.Errorf("%d of %d calls are answered, error %v", len(heard), n, err)
	}
}

func TestSlowHostIsWaitedFor(t *testing.T) {
	const latency, n = 100 * time.Millisecond, 10
	host := hosttest.Start(t)
	host.Order("/slow?latency=100ms&for=10m")
	var heard []int
	started := time.Now()
	if err := open(t, host.Addr).Exchange(context.Background(), pings(n, &heard)); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(started); len(heard) != n || took < latency {
		t.Errorf("%d of %d calls with a latency of %s took %s", len(heard), n, latency, took)
	}
}

func TestConnectionThatDiedIdleCostsOneFailureAtMost(t *testing.T) {
	host := hosttest.Start(t)
	l := open(t, host.Addr)
	var heard []int
	if err := l.Exchange(context.Background(), pings(1, &heard)); err != nil {
		t.Fatal(err)
	}
	host.Kill()
	host.Run()
	_ = l.Exchange(context.Background(), pings(1, &heard)) // notices
	if err := l.Exchange(context.Background(), pings(1, &heard)); err != nil {
		t.Error(err)
	}
}
