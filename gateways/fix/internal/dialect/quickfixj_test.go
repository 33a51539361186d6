package dialect

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

// core decides at once, without a core: every tenth request is rejected.
type core struct {
	acceptor
	decided atomic.Int64
}

func (c *core) FromApp(m *quickfix.Message, id quickfix.SessionID) quickfix.MessageRejectError {
	s := Session{Provider: id.TargetCompID, BeginString: id.BeginString, DefaultApplVerID: "9"}
	seq, _ := m.Header.GetInt(34)
	in, reject := c.dialect.ToEvent(s, always(event.NewID(testkit.Day, s.Provider, fmt.Sprint(seq))), time.Now(), m)
	if reject != nil {
		return reject
	}
	if pending, has := c.dialect.Pending(s, in.Event); has {
		c.send(pending, id)
	}
	e, err := decide(in.Event, c.decided.Add(1)%10 == 0)
	if err != nil {
		return quickfix.NewBusinessMessageRejectError(err.Error(), 0, nil)
	}
	final, err := c.dialect.FromEvent(s, e)
	if err != nil {
		return quickfix.NewBusinessMessageRejectError(err.Error(), 0, nil)
	}
	c.send(final, id)
	return nil
}

func (c *core) send(m *quickfix.Message, id quickfix.SessionID) {
	if err := quickfix.SendToTarget(m, id); err != nil {
		panic(err) // the session is the one that just called
	}
}

// decide makes the final event of a request.
func decide(e event.Event, reject bool) (event.Event, error) {
	var trade TradeRequested
	if err := e.Read(&trade); err != nil {
		return e, err
	}
	sections, typ := `"result":{"decision":"approved","approved_amount":"1","expires_at":"2030-01-01T00:00:00Z"}`, contract.LineCheckCompleted
	if len(trade.Request.Legs) > 0 {
		leg := `{"value_date":"2026-11-27","base":"EUR","base_amount":"1","quote":"USD","quote_amount":"1"}`
		legs := strings.TrimSuffix(strings.Repeat(leg+",", len(trade.Request.Legs)), ",")
		sections, typ = `"validated":{"legs":[`+legs+`]},"registered":{"registered_at":"2026-11-24T12:00:00Z"}`, contract.TradeRegistered
	}
	if reject {
		sections = `"rejected":{"code":"line_exceeded","text":"over the line"}`
		if typ = contract.LineCheckRejected; e.Type == contract.TradeRequested {
			typ = contract.TradeRejected
		}
	}
	data := append(append(append(append(json.RawMessage(nil), e.Data[:len(e.Data)-1]...), ','), sections...), '}')
	return e.Next(typ, data)
}

// An engine that is not ours reads our dictionaries, takes all our answers, and finds each request answered once.
func TestQuickFIXJUnderstandsUs(t *testing.T) {
	if _, err := exec.LookPath("java"); err != nil {
		t.Fatal("java is missing: apt-get install -y openjdk-17-jdk-headless maven")
	}
	port := startCore(t, "TEST1", "TEST2", "TEST3", "TEST4")
	dir := t.TempDir()
	rates := filepath.Join(dir, "rates.json")
	if err := os.WriteFile(rates, []byte(`{"EUR/USD": "1.0843", "USD/JPY": "148.2", "GBP/USD": "1.27"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	run := exec.CommandContext(ctx, "../../../../scripts/testbench/quickfixj/run", "--port="+port, "--count=200", "--window=10", "--rates="+rates,
		"--far-date=20270226", "--timeout=60", "--linger=0", "--out="+filepath.Join(dir, "out.jsonl"), "--store="+filepath.Join(dir, "store"))
	out, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
	for _, part := range []string{`"sent":200`, `"answered":200`, `"lost":0`, `"doubled":0`, `"refused":0`, `"strays":0`, `"8 rejected":`, `"AR accepted":`, `"UDG accepted":`, `"DG accepted":`, `"ok":true`} {
		if !strings.Contains(string(out), part) {
			t.Errorf("no %s in %s", part, out)
		}
	}
}

func startCore(t *testing.T, providers ...string) (port string) {
	t.Helper()
	var sessions []Session
	for i, provider := range providers {
		s := Session{Provider: provider, BeginString: quickfix.BeginStringFIX44}
		if i%2 == 1 {
			s = Session{Provider: provider, BeginString: quickfix.BeginStringFIXT11, DefaultApplVerID: "9"}
		}
		sessions = append(sessions, s)
	}
	_, port, _ = net.SplitHostPort(startEngine(t, &core{acceptor: acceptor{dialect: New(Settings{})}}, sessions...))
	return port
}
