//go:build e2e

package e2e

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"fxcore/gateways/socket/message"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/internal/witness"
	"fxcore/scripts/testbench/oracle"
	"fxcore/scripts/testbench/oracle/record"
)

// socket: providers come by the socket protocol, with our client and with one that is not ours, and the instance that serves them
// is killed. Nothing is lost or doubled, and both read on without a gap.
func (c *core) socket(t *testing.T) {
	t.Run("OurClient", c.socketTrader)
	t.Run("Nassau", c.nassau)
	c.allReady(t)
	c.judge(t, oracle.Rules()...)
}

func (c *core) socketTrader(t *testing.T) {
	const provider = "STEST1"
	cfg := witness.SocketConfig{Address: c.urls["socket"], Provider: provider, Username: "stest1", Password: socketPassword(provider)}
	tr, err := witness.NewSocketTrader(cfg, c.record(t, "socket-"+provider), c.run+"-socket", 1)
	if err != nil {
		t.Fatal(err)
	}
	living, leave := context.WithCancel(context.Background())
	trading, halt := context.WithCancel(t.Context())
	var running, asking sync.WaitGroup
	defer running.Wait()
	defer leave()
	running.Go(func() {
		if err := tr.Run(living); err != nil {
			t.Error(err)
		}
	})
	asking.Go(func() {
		if err := tr.Trade(trading, traffic); err != nil {
			t.Error(err)
		}
	})
	tr.Mark()
	more(t, tr, warm)
	ctx, cancel := context.WithTimeout(t.Context(), backBound)
	defer cancel()
	if err := c.killOne(ctx, c.holder(t, provider)); err != nil {
		t.Fatal(err)
	}
	tr.Await()
	testkit.Eventually(t, "trading to resume", backBound, func() error {
		if tr.Progress().Resumed.IsZero() {
			return context.DeadlineExceeded
		}
		return nil
	})
	more(t, tr, warm)
	halt()
	asking.Wait()
	finishing, cancel := context.WithTimeout(t.Context(), answerBound)
	defer cancel()
	if err := tr.Finish(finishing); err != nil {
		t.Error(err)
	}
	p := tr.Progress()
	t.Logf("%d requests, %d granted, longest silence %s", p.Asked, p.Accepted, p.Stall.Round(time.Millisecond))
}

// more waits until a provider has so many further requests accepted.
func more(t *testing.T, tr *witness.SocketTrader, n int) {
	t.Helper()
	enough := tr.Progress().Accepted + n
	testkit.Eventually(t, "more requests to be accepted", moreBound, func() error {
		if now := tr.Progress().Accepted; now < enough {
			return fmt.Errorf("%d of %d were accepted", now, enough)
		}
		return nil
	})
}

// holder is the instance that has a provider's session.
func (c *core) holder(t *testing.T, provider string) string {
	t.Helper()
	return strings.ReplaceAll(c.planned(t, provider).Instance, "/", "-")
}

const (
	nassauTrades = 200
	killAfter    = 40 // messages that it has read
)

// nassau: a SoupBinTCP client that is not ours, see scripts/testbench/nassau.
func (c *core) nassau(t *testing.T) {
	const provider = "STEST2"
	w := c.record(t, "nassau-"+provider)
	requests := c.deals(t, provider, w)
	question, err := message.AppendRequest(nil, &message.StatusRequest{})
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(c.urls["socket"])
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, filepath.Join(c.repository, "scripts/testbench/nassau/run"), //nolint:gosec // ours
		port, "stest2", "stest2demo", "S1", hex.EncodeToString(question), "trade")
	var complaints strings.Builder
	run.Stdin, run.Stderr = strings.NewReader(requests), &complaints
	out, err := run.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	read, victim := c.readNassau(t, out, provider, w)
	if err := run.Wait(); err != nil {
		t.Fatalf("%v\n%s", err, complaints.String())
	}
	if err := c.AwaitReturn(ctx, victim); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d requests, %d messages read, the instance killed after %d", nassauTrades, read, killAfter)
}

// deals are requests as lines of hex; they are written down.
func (c *core) deals(t *testing.T, provider string, w *record.Writer) string {
	t.Helper()
	d, err := desk.New(fmt.Sprintf("%s-%s-", provider, c.run), 7)
	if err != nil {
		t.Fatal(err)
	}
	var lines strings.Builder
	for number := uint64(1); number <= nassauTrades; {
		r, err := d.Next(time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if r.Flawed {
			continue
		}
		request, sent := witness.SocketRequest(r)
		request.Head().Sequence = number
		written, err := message.AppendRequest(nil, request)
		if err != nil {
			t.Fatal(err)
		}
		sent.Session, sent.At = provider, time.Now()
		w.Sent(sent)
		_, _ = fmt.Fprintln(&lines, hex.EncodeToString(written))
		number++
	}
	return lines.String()
}

// readNassau writes down what the client reads, and kills the instance that serves it on the way, the victim.
func (c *core) readNassau(t *testing.T, out io.Reader, provider string, w *record.Writer) (read int, victim stack.Process) {
	t.Helper()
	for lines := bufio.NewScanner(out); lines.Scan(); {
		number, payload, _ := strings.Cut(lines.Text(), " ")
		if read++; number != fmt.Sprint(read) {
			t.Fatalf("message %s came where %d was due", number, read)
		}
		raw, err := hex.DecodeString(payload)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := message.ParseAnswer(raw)
		if err != nil {
			t.Fatal(err)
		}
		if a, ok := witness.ReadSocket(answer); ok {
			a.Run, a.Session, a.At, a.Seq = "nassau", provider, time.Now(), read
			w.Received(a)
		}
		if read == killAfter {
			if victim, err = c.Kill(c.holder(t, provider)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return read, victim
}
