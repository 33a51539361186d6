package fixwire_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/fixwire/fixwiretest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var long = time.Now().Add(-time.Hour)

func configFor(a *fixwiretest.Acceptor) fixwire.Config {
	return fixwire.Config{
		Address: a.Addr, Begin: fixwire.FIX44, Sender: "US", Target: "THEM",
		Username: "us", Password: "secret", Heartbeat: 30 * time.Second,
	}
}

// connect logs on and runs the session until the test ends. Each received message arrives in got as its type and
// text.
func connect(t *testing.T, cfg fixwire.Config, journal *fixwire.Journal) (s *fixwire.Session, got chan string, ended chan error) {
	t.Helper()
	got, ended = make(chan string, 100), make(chan error, 1)
	s, err := fixwire.Connect(t.Context(), cfg, journal, func(m *fixwire.Message) { got <- m.Kind + " " + m.Text(58) })
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() { ended <- s.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		select {
		case err := <-ended:
			t.Logf("the session ended: %v", err)
		case <-time.After(20 * time.Second):
			t.Error("the session does not end")
		}
	})
	return s, got, ended
}

func next[T any](t *testing.T, from <-chan T) T {
	t.Helper()
	select {
	case v := <-from:
		return v
	case <-time.After(20 * time.Second):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func text(s string) *fixwire.Body { return fixwire.NewBody("B").Text(58, s) }

func TestAMessageGoesAndItsAnswerComes(t *testing.T) {
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) { p.Send(text("re: " + m.Text(58))) })
	s, got, _ := connect(t, configFor(a), fixwire.NewJournal())
	if seq, err := s.Send(text("hello")); err != nil || seq != 2 {
		t.Fatalf("sequence number %d, error %v", seq, err)
	}
	if answer := next(t, got); answer != "B re: hello" {
		t.Fatal(answer)
	}
}

func TestLogonIsRefusedWithTheReason(t *testing.T) {
	a := fixwiretest.Accept(t, func(*fixwiretest.Peer, *fixwire.Message) {})
	refuse := fixwiretest.Refuse(t, "wrong password")
	cfg := configFor(a)
	cfg.Address = refuse
	_, err := fixwire.Connect(t.Context(), cfg, fixwire.NewJournal(), nil)
	if !errors.Is(err, fixwire.ErrLoggedOut) || !strings.Contains(err.Error(), "wrong password") {
		t.Fatalf("error: %v", err)
	}
}

func TestAGapIsAskedForOnceAndHandledInOrder(t *testing.T) {
	requests := make(chan string, 10)
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		switch m.Kind {
		case "B": // the numbers 2 and 3 get lost
			p.SendAs(4, time.Time{}, text("four"))
			p.SendAs(5, time.Time{}, text("five"))
		case "2":
			requests <- m.Text(7) + "-" + m.Text(16)
			p.SendAs(2, long, text("two"))
			p.SendAs(3, long, fixwire.NewBody("4").Text(123, "Y").Int(36, 4))
			p.SendAs(4, long, text("four"))
			p.SendAs(5, long, text("five"))
			p.Continue(6)
			p.Send(text("six"))
		}
	})
	s, got, _ := connect(t, configFor(a), fixwire.NewJournal())
	if _, err := s.Send(text("go")); err != nil {
		t.Fatal(err)
	}
	var all []string
	for range 4 {
		all = append(all, next(t, got))
	}
	if diff := cmp.Diff([]string{"B two", "B four", "B five", "B six"}, all); diff != "" {
		t.Fatal(diff)
	}
	if asked := next(t, requests); asked != "2-0" || len(requests) > 0 {
		t.Fatalf("asked for %s and %d times more", asked, len(requests))
	}
}

func TestAGarbledMessageIsAskedForAgain(t *testing.T) {
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		switch m.Kind {
		case "B":
			p.Write(raw("8=FIX.4.4|9=13|35=B|49=THEM|10=000|"))
			p.SendAs(3, time.Time{}, text("three"))
		case "2":
			p.SendAs(2, long, text("two"))
			p.SendAs(3, long, text("three"))
		}
	})
	s, got, _ := connect(t, configFor(a), fixwire.NewJournal())
	_, _ = s.Send(text("go"))
	if first, second := next(t, got), next(t, got); first != "B two" || second != "B three" {
		t.Fatal(first, second)
	}
}

func TestARepeatIsIgnoredAndANumberTooLowEndsTheSession(t *testing.T) {
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, _ *fixwire.Message) {
		p.Send(text("two"))
		p.SendAs(2, long, text("two"))
		p.Send(text("three"))
		p.SendAs(2, time.Time{}, text("wrong"))
	})
	s, got, ended := connect(t, configFor(a), fixwire.NewJournal())
	_, _ = s.Send(text("go"))
	if first, second := next(t, got), next(t, got); first != "B two" || second != "B three" {
		t.Fatal(first, second)
	}
	err := next(t, ended)
	ended <- err
	if err == nil || !strings.Contains(err.Error(), "too low") {
		t.Fatalf("error: %v", err)
	}
}

func TestAResendIsAnsweredByMessagesAndGapFills(t *testing.T) {
	heard := make(chan string, 20)
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		if m.Text(43) == "Y" {
			heard <- m.Kind + " " + m.Text(34) + " " + m.Text(58) + m.Text(36) + " " + m.Text(122)[:2]
			return
		}
		switch m.Text(58) {
		case "one":
			p.Send(fixwire.NewBody("1").Text(112, "x")) // its answer is a session message between the two
		case "two":
			p.Send(fixwire.NewBody("2").Int(7, 1).Int(16, 0))
		}
	})
	s, _, _ := connect(t, configFor(a), fixwire.NewJournal())
	_, _ = s.Send(text("one")) // 2
	deadline := time.After(20 * time.Second)
	for sent := false; !sent; { // once the heartbeat has taken number 3
		select {
		case <-deadline:
			t.Fatal("no answer to the test request")
		default:
			sent = fixwire.NextOut(s) == 4
		}
	}
	_, _ = s.Send(text("two")) // 4
	want := []string{"4 1 2 20", "B 2 one 20", "4 3 4 20", "B 4 two 20"}
	var got []string
	for range want {
		got = append(got, next(t, heard))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

func TestASessionGoesOnOverConnectionsAndProcesses(t *testing.T) {
	received := make(chan string, 10)
	a := fixwiretest.Accept(t, func(_ *fixwiretest.Peer, m *fixwire.Message) { received <- m.Text(34) + " " + m.Text(58) })
	path := filepath.Join(t.TempDir(), "journal")
	for _, want := range []string{"2 hello", "4 hello"} { // Logon takes 1 and 3; a dropped connection sends no Logout
		journal, file, err := fixwire.OpenJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		a.ContinueAt(journal)
		s, _, ended := connect(t, configFor(a), journal)
		_, _ = s.Send(text("hello"))
		if got := next(t, received); got != want {
			t.Fatalf("got %q, want %q", got, want)
		}
		a.Drop()
		err = next(t, ended)
		ended <- err
		if err == nil {
			t.Fatal("a dropped connection is no error")
		}
		_ = file.Close()
	}
}

func TestResetBeginsAtOne(t *testing.T) {
	received := make(chan string, 10)
	a := fixwiretest.Accept(t, func(_ *fixwiretest.Peer, m *fixwire.Message) { received <- m.Text(34) })
	journal := fixwire.NewJournal()
	cfg := configFor(a)
	cfg.Reset = true
	for range 2 {
		s, _, ended := connect(t, cfg, journal)
		_, _ = s.Send(text("hello"))
		if got := next(t, received); got != "2" {
			t.Fatalf("sequence number %s", got)
		}
		a.Drop()
		ended <- next(t, ended)
	}
}

func TestHeartbeatsKeepTheSession(t *testing.T) {
	beats := make(chan string, 100)
	a := fixwiretest.Accept(t, func(p *fixwiretest.Peer, m *fixwire.Message) {
		p.Send(fixwire.NewBody("0"))
		beats <- m.Kind
	})
	cfg := configFor(a)
	cfg.Heartbeat = time.Second
	_, _, ended := connect(t, cfg, fixwire.NewJournal())
	for heard := 0; heard < 4; { // the last of them long after silence would have ended the session
		if next(t, beats) == "0" {
			heard++
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("the session has ended: %v", err)
	default:
	}
}

func TestSilenceEndsTheSessionAfterOneQuestion(t *testing.T) {
	beats := make(chan string, 100)
	a := fixwiretest.Accept(t, func(_ *fixwiretest.Peer, m *fixwire.Message) { beats <- m.Kind })
	cfg := configFor(a)
	cfg.Heartbeat = time.Second
	_, _, ended := connect(t, cfg, fixwire.NewJournal())
	for next(t, beats) != "1" { // the acceptor never says anything
	}
	err := next(t, ended)
	ended <- err
	for len(beats) > 0 {
		if kind := <-beats; kind == "1" {
			t.Error("it asked twice")
		}
	}
	if err == nil {
		t.Error("it ended without an error")
	}
}
