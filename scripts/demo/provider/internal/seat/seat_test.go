package seat_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/lambda/testkit"
	"fxcore/scripts/demo/provider/internal/seat"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/fixwire/fixwiretest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// take runs a seat at the address. The returned function stops it and waits for its end.
func take(t *testing.T, address string) (*seat.Seat, func()) {
	t.Helper()
	d, err := desk.New("ALPHA-1-", 1)
	if err != nil {
		t.Fatal(err)
	}
	session := fixwire.Config{Address: address, Begin: fixwire.FIX44, Sender: "ALPHA", Target: "FXCORE", Heartbeat: 30 * time.Second}
	s := seat.New(session, d, 200, 1, testkit.Log(t))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	stop := func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("seat ended with %v", err)
		}
	}
	return s, stop
}

func atLeast(s *seat.Seat, granted int) func() error {
	return func() error {
		if c := s.Tally(); c.Granted < granted {
			return fmt.Errorf("%+v", c)
		}
		return nil
	}
}

func TestASeatTradesAndLeavesWithoutARemnant(t *testing.T) {
	s, stop := take(t, fixwiretest.Accept(t, fixwiretest.Grant).Addr)
	testkit.Eventually(t, "trades", 20*time.Second, atLeast(s, 50))
	stop()
	if c := s.Tally(); c.Sent < c.Granted || c.Rejected+c.Refused > 0 {
		t.Errorf("%+v", c)
	}
}

// The acceptor begins each connection at 1, as a gateway that has lost its state would. Both sides then begin at 1.
func TestASeatComesBackAlsoToAGatewayThatHasForgotten(t *testing.T) {
	a := fixwiretest.Accept(t, fixwiretest.Grant)
	s, stop := take(t, a.Addr)
	defer stop()
	testkit.Eventually(t, "trades", 20*time.Second, atLeast(s, 10))
	a.Drop()
	before := s.Tally().Granted
	testkit.Eventually(t, "trades after the connection was lost", 20*time.Second, atLeast(s, before+10))
}

// First the gateway closes the connection; then nothing listens at its address.
func TestASeatWithoutGatewayWaitsAndStopsAtOnce(t *testing.T) {
	gateway, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s, stop := take(t, gateway.Addr().String())
	for range 3 {
		conn, err := gateway.Accept()
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
	}
	_ = gateway.Close()
	if n := s.Tally().Sent; n > 0 {
		t.Errorf("%d sent into the void", n)
	}
	stop()
}
