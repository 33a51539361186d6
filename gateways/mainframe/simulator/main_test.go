package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"go.uber.org/goleak"

	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/config"
	"fxcore/lambda/testkit"
	"fxcore/lambda/trust"
	"fxcore/lambda/trust/authority"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// asker speaks the protocol by hand.
type asker struct {
	t       *testing.T
	conn    net.Conn
	in      *bufio.Reader
	codec   wire.Codec
	layouts *records.Layouts
}

func dial(t *testing.T, addr string, known *trust.Trust) *asker {
	t.Helper()
	codec, err := wire.NewCodec()
	if err != nil {
		t.Fatal(err)
	}
	layouts, err := records.NewLayouts()
	if err != nil {
		t.Fatal(err)
	}
	conn, err := tls.Dial("tcp", addr, known.Dialing("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	return &asker{t: t, conn: conn, in: bufio.NewReader(conn), codec: codec, layouts: layouts}
}

func (a *asker) ask(f wire.Frame) wire.Frame {
	a.t.Helper()
	b, err := a.codec.Append(nil, f)
	if err != nil {
		a.t.Fatal(err)
	}
	if _, err := a.conn.Write(b); err != nil {
		a.t.Fatal(err)
	}
	answer, err := a.codec.Read(a.in)
	if err != nil {
		a.t.Fatal(err)
	}
	if answer.Kind != wire.Answer || answer.Correlation != f.Correlation || answer.Function != f.Function {
		a.t.Errorf("asked %+v, answered %+v", f.Header, answer.Header)
	}
	return answer
}

func request(function wire.Function, count int, body []byte) wire.Frame {
	return wire.Frame{Header: wire.Header{Kind: wire.Request, Function: function, Correlation: 7, Count: count}, Body: body}
}

// start runs a simulator until the test ends, and checks that it stops cleanly.
func start(t *testing.T) (addr string, known *trust.Trust) {
	t.Helper()
	folder := t.TempDir()
	testkit.Certify(t, folder, authority.Subject{Name: "mainframe-simulator", Hosts: []string{"127.0.0.1"}}, authority.Subject{Name: "mainframe", Calls: true})
	known, err := trust.Open(trust.Config{CAFile: filepath.Join(folder, "ca.crt"), CertificateFile: filepath.Join(folder, "mainframe.pem")})
	if err != nil {
		t.Fatal(err)
	}
	addr = testkit.Address(t)
	app, err := simulator(settings{
		Base:   config.Base{Replica: "test", HealthAddr: "127.0.0.1:0", TLS: trust.Config{CAFile: filepath.Join(folder, "ca.crt"), CertificateFile: filepath.Join(folder, "mainframe-simulator.pem")}},
		Listen: addr, Control: "127.0.0.1:0", Folder: t.TempDir(),
	})
	if err != nil {
		t.Fatal(err)
	}
	code := make(chan int, 1)
	go func() { code <- app.Run() }()
	t.Cleanup(func() {
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if c := <-code; c != 0 {
			t.Errorf("exit code %d", c)
		}
	})
	testkit.Eventually(t, "the simulator", 20*time.Second, func() error {
		if s := app.Health.Status(context.Background()); !s.Ready {
			return fmt.Errorf("%v", s.Reasons)
		}
		return nil
	})
	return addr, known
}

func TestProtocol(t *testing.T) {
	addr, known := start(t)
	a := dial(t, addr, known)
	l := a.layouts
	list := func(set string, known, first, most int) []byte {
		b, err := l.ListRequest.Append(nil, records.ListRequest{Set: set, Known: known, First: first, Max: most})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	booking := func(legs int) []byte {
		b, err := l.Booking.Append(nil, records.Booking{TradeID: "t1", Client: "C000001", Legs: legs})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	movement := func(m records.Movement, lines ...records.MovementLine) []byte {
		m.ID, m.Client = "m1", "C000001"
		b, err := l.Movement.Append(nil, m)
		for _, line := range lines {
			if err == nil {
				b, err = l.MovementLine.Append(b, line)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	statement := func(day time.Time, first, most int) []byte {
		b, err := l.StatementRequest.Append(nil, records.StatementRequest{Day: day, First: first, Max: most})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	today := time.Now()
	whole := records.Movement{Attempt: 1, ValueDate: today, Lines: 1}
	euro := records.MovementLine{Currency: "EUR", Amount: decimal.NewFromInt(1), From: "C000001-EUR", To: "FXSETTLE-EUR"}
	none, zero := records.Movement{Attempt: 1, ValueDate: today}, euro
	zero.Amount = decimal.Zero
	cases := []struct {
		name   string
		frame  wire.Frame
		code   wire.Code
		reason string
		count  int
	}{
		{"ping", request(wire.Ping, 0, nil), wire.Done, "", 1},
		{"a page of ten", request(wire.List, 1, list("clients", 0, 0, 10)), wire.Done, "", 11},
		{"the last page", request(wire.List, 1, list("clients", 0, 200, 10)), wire.Done, "", 8},
		{"beyond the end", request(wire.List, 1, list("clients", 0, 5000, 10)), wire.Done, "", 1},
		{"more than a page may have", request(wire.List, 1, list("calendars", 0, 0, 99999)), wire.Done, "", 1001},
		{"unknown set", request(wire.List, 1, list("secrets", 0, 0, 10)), wire.NotUnderstood, "NOSET", 0},
		{"list without a record", request(wire.List, 0, nil), wire.NotUnderstood, "BADREC", 0},
		{"list with a booking", request(wire.List, 1, booking(1)), wire.NotUnderstood, "BADREC", 0},
		{"booking without legs", request(wire.Book, 1, booking(0)), wire.NotUnderstood, "BADREC", 0},
		{"booking whose legs are missing", request(wire.Book, 1, booking(2)), wire.NotUnderstood, "BADREC", 0},
		{"booking cut short", request(wire.Book, 1, booking(1)[:30]), wire.NotUnderstood, "BADREC", 0},
		{"movement", request(wire.Move, 2, movement(whole, euro)), wire.Done, "", 1},
		{"the same movement", request(wire.Move, 2, movement(whole, euro)), wire.Nothing, "", 1},
		{"movement without lines", request(wire.Move, 1, movement(none)), wire.NotUnderstood, "BADREC", 0},
		{"movement whose line is missing", request(wire.Move, 1, movement(whole)), wire.NotUnderstood, "BADREC", 0},
		{"movement with a line too many", request(wire.Move, 3, movement(whole, euro, euro)), wire.NotUnderstood, "BADREC", 0},
		{"movement of nothing", request(wire.Move, 2, movement(whole, zero)), wire.NotUnderstood, "BADREC", 0},
		{"movement of no attempt", request(wire.Move, 2, movement(records.Movement{ValueDate: today, Lines: 1}, euro)), wire.NotUnderstood, "BADREC", 0},
		{"movement without a value date", request(wire.Move, 2, movement(records.Movement{Attempt: 1, Lines: 1}, euro)), wire.NotUnderstood, "BADREC", 0},
		{"move without a record", request(wire.Move, 0, nil), wire.NotUnderstood, "BADREC", 0},
		{"statement of an empty day", request(wire.Stmt, 1, statement(today.AddDate(-1, 0, 0), 0, 10)), wire.Done, "", 1},
		{"statement of no day", request(wire.Stmt, 1, statement(time.Time{}, 0, 10)), wire.NotUnderstood, "BADREC", 0},
		{"statement without a record", request(wire.Stmt, 0, nil), wire.NotUnderstood, "BADREC", 0},
		{"unknown function", request("DUMP", 0, nil), wire.NotUnderstood, "FUNCTION", 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			a.t = t
			got := a.ask(c.frame)
			if got.Code != c.code || got.Reason != c.reason || got.Count != c.count {
				t.Errorf("%+v", got.Header)
			}
		})
	}
}

func TestKnownVersionIsAnsweredAsNothingNew(t *testing.T) {
	addr, known := start(t)
	a := dial(t, addr, known)
	head := func(known int) (wire.Code, records.ListAnswer) {
		body, err := a.layouts.ListRequest.Append(nil, records.ListRequest{Set: "clients", Known: known, Max: 1})
		if err != nil {
			t.Fatal(err)
		}
		got := a.ask(request(wire.List, 1, body))
		all, err := a.layouts.Split(got.Body, got.Count)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := a.layouts.ListAnswer.Decode(all[0])
		if err != nil {
			t.Fatal(err)
		}
		return got.Code, answer
	}
	_, first := head(0)
	if code, again := head(first.Version); code != wire.Nothing || again.Version != first.Version || again.Total != 207 {
		t.Errorf("%d %+v", code, again)
	}
}

func TestGarbageEndsTheConnectionAndNoOther(t *testing.T) {
	addr, known := start(t)
	bad, good := dial(t, addr, known), dial(t, addr, known)
	if _, err := bad.conn.Write([]byte(strings.Repeat("GET / HTTP/1.1\r\n", 20))); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(bad.conn); err != nil && !strings.Contains(err.Error(), "reset") {
		t.Errorf("the connection should end: %v", err)
	}
	good.ask(request(wire.Ping, 0, nil))
}

func TestControlIsForLoopbackOnly(t *testing.T) {
	for addr, good := range map[string]bool{"127.0.0.1:0": true, "localhost:1": true, "[::1]:0": true, "0.0.0.0:0": false, ":0": false, "x": false} {
		if err := (settings{Control: addr}).Validate(); (err == nil) != good {
			t.Errorf("%s: %v", addr, err)
		}
	}
}
