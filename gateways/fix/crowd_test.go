package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"fxcore/gateways/internal/gatewaytest"
	"fxcore/lambda/testkit"
)

// The crowd: connections from many loopback addresses, of every kind in turn.
const (
	crowdSize      = 10_000
	crowdAddresses = 40
	crowdComes     = 4 * time.Second  // until all are there
	crowdStays     = 15 * time.Second // at least, from the first on: longer than FIX_LOGON_TIMEOUT
	comesAgain     = 8 * time.Second  // after it was turned away
	eachTrades     = 100              // requests a second
	visits         = 3                // at least, of another provider, while the lobby is full
	crowdPatience  = 3 * time.Minute  // until the crowd has done all that it is for
)

// stranger is a kind of connection that never logs on. It sends first at once, and drips a byte a second.
type stranger struct {
	name, first, drips string
	secure             bool
}

func strangers() []stranger {
	logon := newClient(nil, "ALPHA").message("A", 1, "", "98=0|108=30|141=Y|553=alpha|554=secret|")
	return []stranger{
		{name: "sends nothing"},
		{name: "one byte a second", drips: logon},
		{name: "a logon without its end", first: logon[:len(logon)-7]},
		{name: "a valid beginning", first: logon[:30]},
		{name: "a TLS handshake that never ends", first: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", secure: true},
		{name: "wrong passwords", first: newClient(nil, "ECHO").message("A", 1, "", "98=0|108=30|553=echo|554=guessed|")},
	}
}

// crowd keeps ten thousand connections open. A member that the gateway turns away comes again.
type crowd struct {
	addresses [2]string // plain and TLS
	mu        sync.Mutex
	there     int // members that have come
	opened    int
	refused   int
	turned    int // away: closed by the gateway
}

// complete returns nil once all have come and some were turned away.
func (c *crowd) complete() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.there < crowdSize || c.turned == 0 {
		return fmt.Errorf("%d have come, %d were turned away", c.there, c.turned)
	}
	return nil
}

// member plays one of the crowd until ctx ends.
func (c *crowd) member(ctx context.Context, n int) {
	kind := strangers()[n%len(strangers())]
	from := &net.TCPAddr{IP: net.IPv4(127, 0, 1, byte(1+n%crowdAddresses))}
	address := c.addresses[0]
	if kind.secure {
		address = c.addresses[1]
	}
	first := 1
	for pause := crowdComes * time.Duration(n) / crowdSize; rest(ctx, pause); pause = comesAgain {
		conn, err := (&net.Dialer{LocalAddr: from, Timeout: 5 * time.Second}).DialContext(ctx, "tcp", address)
		c.count(func() {
			if c.opened++; err != nil {
				c.refused++
			}
			c.there, first = c.there+first, 0
		})
		if err == nil {
			c.stay(ctx, conn, kind)
			_ = conn.Close()
		}
	}
}

// rest waits. It returns false if ctx has ended.
func rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// stay sends what its kind does until the gateway or ctx ends the connection.
func (c *crowd) stay(ctx context.Context, conn net.Conn, kind stranger) {
	ends := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer ends()
	_, _ = io.WriteString(conn, kind.first)
	for i := 0; ; i++ {
		_ = conn.SetReadDeadline(time.Now().Add(time.Second))
		if _, err := conn.Read(make([]byte, 1)); err != nil && !isTimeout(err) {
			c.count(func() { c.turned++ })
			return
		}
		if i < len(kind.drips) {
			_, _ = io.WriteString(conn, kind.drips[i:i+1])
		}
	}
}

func (c *crowd) count(note func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	note()
}

// Ten thousand connections of every kind never log on, and some of them drip bytes. Meanwhile two providers trade a hundred times
// a second and lose nothing, another one comes and goes as usual, and the gateway's memory stays small.
func TestTenThousandStrangers(t *testing.T) {
	raiseFiles(t, crowdSize+2_000)
	a, secure := newAuthority(t), testkit.Address(t)
	cert, key := a.pair("gateway")
	g := startGateway(t, "LOG_LEVEL=info", "LEASE_LENGTH=60s", "FIX_STORE_PATIENCE=60s", "FIX_TLS_ADDR="+secure,
		"FIX_TLS_CERTIFICATE_FILE="+a.file("cert", cert), "FIX_TLS_KEY_FILE="+a.file("key", key))
	gatewaytest.StartCore(t, g.Broker)
	traders := []*steady{trade(t, g, "GAMMA"), trade(t, g, "BETA50")}

	ctx, goHome := context.WithCancel(t.Context())
	defer goHome()
	began := time.Now()
	c := &crowd{addresses: [2]string{g.Address, secure}}
	var members sync.WaitGroup
	for n := range crowdSize {
		members.Go(func() { c.member(ctx, n) })
	}
	if file := os.Getenv("FIX_CROWD_PROFILE"); file != "" {
		go profile(g, file)
	}
	testkit.Eventually(t, "a full lobby", crowdPatience, func() error { return lobbyHas(g, 1_000) })
	done := 0
	for ; done < visits || time.Since(began) < crowdStays; done++ {
		newcomer := newClient(t, "DELTA").reset(g.Address)
		newcomer.leave(2)
	}
	if err := lobbyHas(g, 0); err != nil {
		t.Error(err)
	}
	testkit.Eventually(t, "a crowd", crowdPatience, c.complete)
	goHome()
	members.Wait()
	t.Logf("%d connections opened, %d of them refused, %d turned away; %d visits of another provider; gateway's memory at most %d MB",
		c.opened, c.refused, c.turned, done, peakMemory(t, g)>>20)
	for _, s := range traders {
		s.finish(t)
	}
	if peak := peakMemory(t, g); peak > raceMemory*400<<20 {
		t.Errorf("the gateway took %d MB", peak>>20)
	}
}

// lobbyHas returns nil if at least so many connections wait for their logon, and no more than the gateway admits.
func lobbyHas(g *gatewaytest.Gateway, atLeast int64) error {
	status, err := g.Status()
	if err != nil {
		return err
	}
	if n := status.Counters["front.waiting"]; n < atLeast || n > 1_000 {
		return fmt.Errorf("%d connections wait for their logon, %d were turned away", n, status.Counters["front.turned_away"])
	}
	return nil
}

// steady is a provider that trades at a steady rate on one connection.
type steady struct {
	*client
	stop     chan struct{}
	trading  sync.WaitGroup
	mu       sync.Mutex
	sent     map[string]time.Time
	took     []time.Duration
	doubled  int
	ended    error
	finished chan struct{}
}

func trade(t *testing.T, g *gatewaytest.Gateway, id string) *steady {
	t.Helper()
	s := &steady{client: newClient(t, id).reset(g.Address), stop: make(chan struct{}), sent: map[string]time.Time{}, finished: make(chan struct{})}
	s.trading.Go(s.send)
	go s.listen()
	return s
}

// send sends by the clock: a late order goes out at once. It does not fail the test, the listener does.
func (s *steady) send() {
	tick := time.NewTicker(time.Second / eachTrades)
	defer tick.Stop()
	for n := 0; ; n++ {
		select {
		case <-s.stop:
			return
		case <-tick.C:
		}
		reference := fmt.Sprint(s.id, "-", n)
		s.mu.Lock()
		s.sent[reference] = time.Now()
		s.mu.Unlock()
		_, _ = io.WriteString(s.conn, s.message("D", s.next, "", order(reference)))
		s.next++
	}
}

func (s *steady) listen() {
	defer close(s.finished)
	for {
		got, err := s.tryRead(30 * time.Second)
		if err != nil {
			s.ended = err
			return
		}
		switch pick(got, "39") {
		case "5":
			return
		case "8 39=2":
			s.note(pick(got, "11")[len("8 11="):])
		}
	}
}

func (s *steady) note(reference string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, open := s.sent[reference]; open {
		s.took = append(s.took, time.Since(at))
		delete(s.sent, reference)
	} else {
		s.doubled++
	}
}

// finish checks that every request was answered, once, on the one connection.
func (s *steady) finish(t *testing.T) {
	t.Helper()
	close(s.stop)
	s.trading.Wait()
	testkit.Eventually(t, "all answers", time.Minute, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if n := len(s.sent); n > 0 && s.ended == nil {
			return fmt.Errorf("%d are missing", n)
		}
		return nil
	})
	s.client.send("5", "")
	<-s.finished
	slices.Sort(s.took)
	if s.ended != nil || s.doubled > 0 || len(s.took) < eachTrades || len(s.sent) > 0 {
		t.Fatalf("%s: %d answered, %d doubled, %d not, the session ended with %v", s.id, len(s.took), s.doubled, len(s.sent), s.ended)
	}
	t.Logf("%s: %d answered, half of them within %s, all within %s", s.id, len(s.took), s.took[len(s.took)/2].Round(time.Millisecond), s.took[len(s.took)-1].Round(time.Millisecond))
}

// peakMemory returns the most memory that the gateway's process ever had, in bytes (VmHWM).
func peakMemory(t *testing.T, g *gatewaytest.Gateway) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", g.Process.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes int
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		t.Fatalf("read VmHWM: %v", err)
	}
	return kilobytes << 10
}

// raiseFiles lets this process, and those that it starts, open so many files.
func raiseFiles(t *testing.T, n uint64) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if limit.Cur >= n {
		return
	}
	raised := syscall.Rlimit{Cur: n, Max: max(n, limit.Max)}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &raised); err != nil {
		t.Fatalf("this test needs %d open files, the limit is %d: %v", n, limit.Cur, err)
	}
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit) })
}
