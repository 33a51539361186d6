//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/internal/reference"
	"fxcore/scripts/testbench/oracle/stores"
	"fxcore/services/contract/fxdate"
)

// requests of the test; of these a share must be accepted, lest it proves nothing.
const (
	thousands     = 10_000
	acceptedShare = 0.98
	forwardDays   = 7 // from spot, of the client's forward tenor
)

// tenThousand: 10,000 trades and line checks from four sessions of an engine that is not ours, each answered, registered, drawn
// and booked once. Meanwhile tracing is killed again and again, and in a full start Cassandra, too: the journal has each message once all the
// same, and as many spans as messages.
func (c *core) tenThousand(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	host, port, _ := strings.Cut(c.urls["fix"], ":")
	far := c.goodDate(t, 40)
	cmd := exec.CommandContext(ctx, filepath.Join(c.repository, "scripts/testbench/quickfixj/run"),
		"--host="+host, "--port="+port, "--count="+strconv.Itoa(thousands), "--window=50", "--rates="+c.rates(t, far),
		"--far-date="+far.Format("20060102"),
		"--store="+filepath.Join(c.Folder, "records", "store"), "--out="+filepath.Join(c.Folder, "records", "quickfixj.jsonl"))
	cmd.Dir = c.repository
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	killing := c.killInTurn(t, tracers(c.urls["cassandra"] != "")...)
	err := cmd.Run()
	kills := killing()
	t.Logf("QuickFIX/J: %s%s", out.String(), said.String())
	if err != nil {
		t.Fatalf("QuickFIX/J: %v (Java or Maven missing: scripts/bootstrap tests)", err)
	}
	var sum struct {
		Answered int            `json:"answered"`
		Outcomes map[string]int `json:"outcomes"`
	}
	if err := json.Unmarshal(out.Bytes(), &sum); err != nil {
		t.Fatal(err)
	}
	accepted := 0
	for outcome, n := range sum.Outcomes {
		if strings.HasSuffix(outcome, " accepted") {
			accepted += n
		}
	}
	if sum.Answered != thousands || float64(accepted) < acceptedShare*thousands {
		t.Errorf("%d answered, %d accepted, of %d", sum.Answered, accepted, thousands)
	}
	c.everySpan(t, kills)
	c.judge(t, c.undisturbed()...)
}

// tracers are those without which no span is made.
func tracers(full bool) []string {
	if full {
		return []string{"tracing-1", "cassandra", "tracing-2"}
	}
	return []string{"tracing-1", "tracing-2"}
}

const killEvery = 5 * time.Second

// killInTurn kills processes, one every few seconds, until the returned function is called. That returns how often it has. Who is not ready
// again yet is left out.
func (c *core) killInTurn(t *testing.T, ids ...string) (end func() (kills int)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	killed := make(chan int, 1)
	go func() {
		kills := 0
		for i := 0; pause.For(ctx, killEvery); i++ {
			if p, err := c.Process(ids[i%len(ids)]); err == nil && p.State == "ready" && p.Signal(syscall.SIGKILL) == nil {
				kills++
			}
		}
		killed <- kills
	}()
	return func() int { cancel(); return <-killed }
}

// everySpan waits until all processes are back and the journal has caught up, and holds that it has each message and a span of each.
func (c *core) everySpan(t *testing.T, kills int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	if err := c.AwaitReady(ctx); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "a span of each message", 5*time.Minute, func() error {
		j, err := stores.Journal(ctx, c.Stack, c.urls["postgres"])
		if err == nil && (j.Messages < thousands || j.Spans != j.Messages || len(j.Unkept)+len(j.Doubled)+j.SpansMissing+j.SpansExtra > 0) {
			err = fmt.Errorf("%+v", j)
		}
		if err == nil {
			t.Logf("%d messages and %d spans after %d kills", j.Messages, j.Spans, kills)
		}
		return err
	})
	if kills == 0 {
		t.Error("nothing was killed")
	}
}

// traded are the pairs of the test.
func traded() []string {
	return []string{"EUR/USD", "USD/JPY", "GBP/USD", "USD/CHF", "AUD/USD", "USD/CAD", "EUR/GBP", "EUR/JPY", "EUR/CHF"}
}

// rates writes the market's own rates for spot, a month and the far date, which the core accepts as long as the market does not
// move far.
func (c *core) rates(t *testing.T, far time.Time) string {
	t.Helper()
	now, mids := time.Now(), map[string]string{}
	bank, err := reference.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range traded() {
		for name, days := range map[string]int{"": 0, " forward": forwardDays} {
			rate, err := c.market.Outright(pair, now, days)
			if err != nil {
				t.Fatal(err)
			}
			mids[pair+name] = rate.String()
		}
		rate, err := bank.Rate(pair, now, fxdate.DateOf(far))
		if err != nil {
			t.Fatal(err)
		}
		mids[pair+" far"] = rate.String()
	}
	b, err := json.Marshal(mids)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.Folder, "records", "rates.json")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// goodDate is the first day, so many days from now or later, on which no currency of the traded pairs has a holiday.
func (c *core) goodDate(t *testing.T, days int) time.Time {
	t.Helper()
	closed := map[string]bool{}
	currencies := fmt.Sprint(traded())
	for _, h := range c.bank.Holidays {
		if strings.Contains(currencies, h.Currency) {
			closed[h.Date.Format(time.DateOnly)] = true
		}
	}
	for day := time.Now().UTC().AddDate(0, 0, days); ; day = day.AddDate(0, 0, 1) {
		weekend := day.Weekday() == time.Saturday || day.Weekday() == time.Sunday
		if !weekend && !closed[day.Format(time.DateOnly)] {
			return day
		}
	}
}
