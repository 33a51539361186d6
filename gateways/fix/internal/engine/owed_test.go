package engine_test

import (
	"bufio"
	"bytes"
	"errors"
	"net"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"fxcore/gateways/fix/internal/engine"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/store"
)

// What a provider misses by NextExpectedMsgSeqNum(789) follows our Logon. A message that is sent at the same time comes after it.
func TestNoNewMessageComesBeforeWhatIsOwed(t *testing.T) {
	e := start(t)
	const kept = 20
	for range kept {
		if err := e.Send(answer(), &store.Cause{}); err != nil {
			t.Fatal(err)
		}
	}
	conn := dialled(t, e)
	in := bufio.NewReader(conn)
	write(t, conn, sent(1, "A", "98=0|108=30|553=u|554=p|789=1|"))
	next := 1 // number that the provider expects
	reply := read(t, in)
	if string(wire.Value(reply, "35=")) != "A" {
		t.Fatalf("%q", reply)
	}
	const lively = 50
	began, done := make(chan struct{}), make(chan error, 1)
	go func() {
		close(began)
		var errs []error
		for range lively {
			errs = append(errs, e.Send(answer(), &store.Cause{}))
		}
		done <- errors.Join(errs...)
	}()
	<-began
	for range 1_000 { // gives Send every chance to be too early
		runtime.Gosched()
	}
	write(t, conn, sent(1, "2", "43=Y|122="+time.Now().UTC().Format("20060102-15:04:05")+"|7=1|16=0|"))
	for next <= kept+lively+1 {
		msg := read(t, in)
		switch seq := wire.SeqNum(msg); {
		case seq != next:
			t.Fatalf("number %d where %d is due: %q", seq, next, msg)
		case string(wire.Value(msg, "35=")) == "4":
			next, _ = strconv.Atoi(string(wire.Value(msg, "36=")))
		default:
			next++
		}
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A provider that leaves before it got what it is owed holds up nothing.
func TestWhatIsOwedEndsWithTheConnection(t *testing.T) {
	e := start(t)
	if err := e.Send(answer(), &store.Cause{}); err != nil {
		t.Fatal(err)
	}
	conn := dialled(t, e)
	write(t, conn, sent(1, "A", "98=0|108=30|553=u|554=p|789=1|"))
	read(t, bufio.NewReader(conn))
	_ = conn.Close()
	if err := e.Send(answer(), &store.Cause{}); err != nil { // returns
		t.Error(err)
	}
}

// A resend stays at its end although the next connection comes before the engine has noticed that the last one has ended.
func TestTheNextConnectionRevivesNoResend(t *testing.T) {
	e := start(t)
	const kept, requests = 2_000, 100
	for range kept {
		if err := e.Send(answer(), &store.Cause{}); err != nil {
			t.Fatal(err)
		}
	}
	conn := dialled(t, e)
	file, err := conn.(interface{ File() (*os.File, error) }).File()
	if err != nil {
		t.Fatal(err)
	}
	still, err := net.FileConn(file) // open after conn is closed: the engine has not noticed
	_ = file.Close()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = still.Close() }()
	var asked bytes.Buffer
	asked.Write(sent(1, "A", "98=0|108=30|553=u|554=p|"))
	for n := range requests {
		asked.Write(sent(n+2, "2", "7=1|16=0|"))
	}
	write(t, conn, asked.Bytes())
	in := bufio.NewReader(still)
	_ = still.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := in.Peek(1); err != nil { // the engine works
		t.Fatal(err)
	}
	e.Gone()
	_ = conn.Close()
	dialled(t, e)
	if err := still.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	resent, part := 0, make([]byte, 1<<16)
	for err == nil { // until the engine disconnects
		var n int
		n, err = in.Read(part)
		resent += bytes.Count(part[:n], []byte("\x0143=Y\x01"))
	}
	if resent > requests*kept/2 {
		t.Errorf("%d messages were sent again to nobody", resent)
	}
}

func dialled(t *testing.T, e *engine.Engine) net.Conn {
	t.Helper()
	conn, err := e.Dial(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

func write(t *testing.T, conn net.Conn, msg []byte) {
	t.Helper()
	_ = conn.SetDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Write(msg); err != nil {
		t.Fatal(err)
	}
}

// read reads one message.
func read(t *testing.T, in *bufio.Reader) (msg []byte) {
	t.Helper()
	for {
		field, err := in.ReadBytes(1)
		if err != nil {
			t.Fatal(err)
		}
		if msg = append(msg, field...); bytes.HasPrefix(field, []byte("10=")) {
			return msg
		}
	}
}
