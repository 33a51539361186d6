package link_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/testbench/faults/internal/link"
)

const bound = time.Minute

// echo starts a server that answers each line with the same line, and returns its address.
func echo(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				_, _ = io.Copy(conn, conn)
				_ = conn.Close()
			}()
		}
	}()
	return listener.Addr().String()
}

func open(t *testing.T, target string) *link.Link {
	t.Helper()
	l, err := link.New(t.Context(), "a>b", func() (string, error) { return target, nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l
}

type line struct {
	net.Conn
	in *bufio.Reader
}

func dial(t *testing.T, l *link.Link) line {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Address())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(bound))
	return line{conn, bufio.NewReader(conn)}
}

func (c line) say(t *testing.T, text string) {
	t.Helper()
	if _, err := io.WriteString(c, text+"\n"); err != nil {
		t.Fatal(err)
	}
}

func (c line) hear(t *testing.T, want string) {
	t.Helper()
	got, err := c.in.ReadString('\n')
	if err != nil || got != want+"\n" {
		t.Fatalf("heard %q, %v; want %q", got, err, want)
	}
}

// silent waits a moment in which nothing may come. A busy machine cannot make it fail.
func (c line) silent(t *testing.T) {
	t.Helper()
	_ = c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	got, err := c.in.ReadString('\n')
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Fatalf("heard %q, %v; want silence", got, err)
	}
	_ = c.SetDeadline(time.Now().Add(bound))
}

func (c line) isReset(t *testing.T) {
	t.Helper()
	if got, err := c.in.ReadString('\n'); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("heard %q, %v; want a reset", got, err)
	}
}

func TestALinkRelays(t *testing.T) {
	l := open(t, echo(t))
	c := dial(t, l)
	c.say(t, "one")
	c.hear(t, "one")
	if n := l.Open(); n != 1 {
		t.Errorf("%d connections, want 1", n)
	}
	_ = c.Close()
	testkit.Eventually(t, "the connection to be forgotten", bound, func() error {
		if l.Open() != 0 {
			return errors.New("still open")
		}
		return nil
	})
}

func TestACutResetsAndLetsInAgain(t *testing.T) {
	l := open(t, echo(t))
	c := dial(t, l)
	c.say(t, "one")
	c.hear(t, "one")
	l.Cut()
	c.isReset(t)
	again := dial(t, l)
	again.say(t, "two")
	again.hear(t, "two")
}

func TestRefusedIsResetUntilItIsOver(t *testing.T) {
	l := open(t, echo(t))
	c := dial(t, l)
	c.say(t, "one")
	c.hear(t, "one")
	l.Set(link.Trouble{Refuse: true})
	c.isReset(t)
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.Address())
	if err == nil { // otherwise it was reset during the dial
		_, err = conn.Read(make([]byte, 1))
		_ = conn.Close()
	}
	if !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("a new connection: %v, want a reset", err)
	}
	l.Set(link.Trouble{})
	again := dial(t, l)
	again.say(t, "two")
	again.hear(t, "two")
}

func TestWhatIsHeldComesLater(t *testing.T) {
	for name, trouble := range map[string]link.Trouble{
		"out": {Out: link.Way{Hold: true}}, "in": {In: link.Way{Hold: true}}, "both": {Out: link.Way{Hold: true}, In: link.Way{Hold: true}},
	} {
		t.Run(name, func(t *testing.T) {
			l := open(t, echo(t))
			c := dial(t, l)
			c.say(t, "one")
			c.hear(t, "one")
			l.Set(trouble)
			c.say(t, "two")
			c.silent(t)
			l.Set(link.Trouble{})
			c.hear(t, "two")
		})
	}
}

func TestAConnectionMadeWhileAllIsHeldComesToBe(t *testing.T) {
	l := open(t, echo(t))
	l.Set(link.Trouble{Out: link.Way{Hold: true}, In: link.Way{Hold: true}})
	c := dial(t, l)
	c.say(t, "one")
	c.silent(t)
	l.Set(link.Trouble{})
	c.hear(t, "one")
}

func TestWhatIsLostDoesNotComeAndTheConnectionEnds(t *testing.T) {
	for name, trouble := range map[string]link.Trouble{"out": {Out: link.Way{Lose: true}}, "in": {In: link.Way{Lose: true}}} {
		t.Run(name, func(t *testing.T) {
			l := open(t, echo(t))
			c := dial(t, l)
			c.say(t, "one")
			c.hear(t, "one")
			l.Set(trouble)
			c.say(t, "two")
			testkit.Eventually(t, "the line to be swallowed", bound, func() error {
				if l.Lost() == 0 {
					return errors.New("it is not")
				}
				return nil
			})
			l.Set(link.Trouble{})
			c.isReset(t)
		})
	}
}

func TestAConnectionThatLostNothingLivesOn(t *testing.T) {
	l := open(t, echo(t))
	c := dial(t, l)
	c.say(t, "one")
	c.hear(t, "one")
	l.Set(link.Trouble{In: link.Way{Lose: true}})
	l.Set(link.Trouble{})
	c.say(t, "two")
	c.hear(t, "two")
}

func TestASlowLinkTakesItsTime(t *testing.T) {
	for name, way := range map[string]link.Way{"delay": {Delay: 50 * time.Millisecond, Jitter: time.Millisecond}, "narrow": {PerSecond: 80}} {
		t.Run(name, func(t *testing.T) {
			l := open(t, echo(t))
			l.Set(link.Trouble{Out: way})
			c := dial(t, l)
			began := time.Now()
			c.say(t, "one") // four bytes
			c.hear(t, "one")
			if took := time.Since(began); took < 50*time.Millisecond {
				t.Errorf("it took %s", took)
			}
		})
	}
}

func TestClosedInTrouble(t *testing.T) {
	l := open(t, echo(t))
	c := dial(t, l)
	c.say(t, "one")
	c.hear(t, "one")
	l.Set(link.Trouble{Out: link.Way{Hold: true}, In: link.Way{Hold: true}})
	c.say(t, "two")
	l.Close() // it returns although a relay waits
	c.isReset(t)
}

func TestAServerThatIsNotThereEndsTheConnection(t *testing.T) {
	l, err := link.New(t.Context(), "a>b", func() (string, error) { return "", errors.New("not started") })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	c := dial(t, l)
	if _, err := c.in.ReadByte(); !errors.Is(err, io.EOF) {
		t.Errorf("read: %v, want the end", err)
	}
}
