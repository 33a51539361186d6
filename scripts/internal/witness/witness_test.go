package witness_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/fixwire/fixwiretest"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

const bound = time.Minute

// core plays the other side. It is called for each request.
type core func(p *fixwiretest.Peer, m *fixwire.Message)

func execution(p *fixwiretest.Peer, m *fixwire.Message, execType string) {
	p.Send(fixwire.NewBody("8").Text(37, "T").Text(11, m.Text(11)).Text(17, "E"+execType).Text(150, execType))
}

// start runs a witness against a core until the test ends. stop ends it and returns its record.
func start(t *testing.T, play core) (w *witness.Witness, heard chan oracle.Answer, stop func() oracle.Evidence) {
	t.Helper()
	acceptor := fixwiretest.Accept(t, play)
	var written bytes.Buffer
	heard = make(chan oracle.Answer, 100)
	cfg := acceptor.Config("TEST1")
	w = witness.New(cfg, record.NewWriter(&written), "run", func(a oracle.Answer, _ *fixwire.Message) { heard <- a })
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.Run(ctx)
	}()
	return w, heard, func() (e oracle.Evidence) {
		cancel()
		<-done
		if err := record.Read(&written, "run", &e); err != nil {
			t.Fatal(err)
		}
		return e
	}
}

func ask(t *testing.T, w *witness.Witness, reference string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	if err := w.Ask(ctx, oracle.Sent{Reference: reference, Form: "D"}, fixwire.NewBody("D").Text(11, reference)); err != nil {
		t.Fatal(err)
	}
}

func TestEverythingIsWrittenDown(t *testing.T) {
	w, heard, stop := start(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		execution(p, m, "A")
		execution(p, m, "F")
	})
	ask(t, w, "R1")
	for _, want := range []oracle.State{oracle.Pending, oracle.Accepted} {
		if got := <-heard; got.State != want || got.Reference != "R1" || got.ID != "T" {
			t.Errorf("heard %+v, want %s", got, want)
		}
	}
	e := stop()
	if len(e.Sent) != 1 || e.Sent[0].Session != "TEST1" || len(e.Received) != 2 || e.Received[1].ExecID != "EF" {
		t.Errorf("%+v", e)
	}
}

// A Reject (3) refers to its message only by the number.
func TestARejectFindsItsRequest(t *testing.T) {
	w, heard, stop := start(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		p.Send(fixwire.NewBody("3").Text(45, strconv.Itoa(m.Seq)).Text(373, "5").Text(58, "no"))
	})
	defer stop()
	for _, reference := range []string{"R1", "R2"} {
		ask(t, w, reference)
		if got := <-heard; got.State != oracle.Refused || got.Reference != reference || got.Reason != "5" {
			t.Errorf("heard %+v, want %s refused", got, reference)
		}
	}
}

func TestAnsweredWaitsForAsManyFinalAnswersAsRequests(t *testing.T) {
	release := make(chan struct{}, 2)
	w, heard, stop := start(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		<-release
		execution(p, m, "F")
	})
	defer stop()
	ask(t, w, "R1")
	ask(t, w, "R1") // again
	release <- struct{}{}
	<-heard
	impatient, end := context.WithCancel(t.Context())
	end()
	if err := w.Answered(impatient); err == nil || w.Open() != 1 {
		t.Errorf("one of two answers is enough: %d open, %v", w.Open(), err)
	}
	release <- struct{}{}
	long, cancel := context.WithTimeout(t.Context(), bound)
	defer cancel()
	if err := w.Answered(long); err != nil || w.Open() != 0 {
		t.Errorf("%d open: %v", w.Open(), err)
	}
}

// A request that the core had no room for is asked again, and is still the same request.
func TestATraderAsksAgainWhereThereWasNoRoom(t *testing.T) {
	times := map[string]int{}
	acceptor := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		reference := m.Text(11) + m.Text(571) + m.Text(2318)
		if times[reference]++; times[reference] == 1 {
			p.Send(fixwire.NewBody("j").Text(379, reference).Text(380, "4"))
			return
		}
		fixwiretest.Grant(p, m)
	})
	var written bytes.Buffer
	cfg := acceptor.Config("TEST1")
	trader, err := witness.NewTrader(cfg, record.NewWriter(&written), "run", 1)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		trader.Run(ctx)
	}()
	trading, halt := context.WithCancel(ctx)
	defer halt()
	traded := make(chan error, 1)
	trader.Mark()
	go func() { traded <- trader.Trade(trading, 200) }()
	testkit.Eventually(t, "trading to resume", bound, func() error {
		if p := trader.Progress(); p.Resumed.IsZero() {
			return fmt.Errorf("%+v", p)
		}
		return nil
	})
	halt()
	if err := <-traded; err != nil {
		t.Fatal(err)
	}
	finishing, give := context.WithTimeout(ctx, bound)
	defer give()
	if err := trader.Finish(finishing); err != nil {
		t.Fatal(err)
	}
	cancel()
	<-done
	var e oracle.Evidence
	if err := record.Read(&written, "run", &e); err != nil {
		t.Fatal(err)
	}
	fresh, again := 0, 0
	for _, s := range e.Sent {
		if s.Again {
			again++
		} else {
			fresh++
		}
	}
	if p := trader.Progress(); fresh == 0 || again == 0 || p.Accepted == 0 || p.Resumed.IsZero() {
		t.Errorf("%d sent, %d again, %+v", fresh, again, p)
	}
}
