//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/cache"
	"fxcore/lambda/mirror"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/stack"
	"fxcore/scripts/testbench/oracle"
)

// staleRate: with rates that have not changed for ten minutes nothing is priced, and the reason says so. When rates come again, trading
// goes on by itself.
func (c *core) staleRate(t *testing.T) {
	cl := c.client(t, "SANDBOX44", "stale")
	cl.mustFill(t, cl.good(t))
	thaw := c.freeze(t, "datasync-1", "datasync-2") // nobody writes rates
	c.ageRates(t, 10*time.Minute)
	var got string
	testkit.Eventually(t, "a rejection for the age of the rates", time.Minute, func() error {
		a := cl.last(t, cl.good(t))
		if got = a.show(); a.State != oracle.Rejected {
			return context.DeadlineExceeded // the replicas look for rates once a second
		}
		return nil
	})
	if !tooOld.MatchString(got) {
		t.Errorf("\n got %s\nwant %s", got, tooOld)
	}
	old := c.client(t, "SANDBOX50", "stale-reports")
	testkit.Eventually(t, "a report to be booked, and flagged for the age of the rates", time.Minute, func() error {
		a := old.tell(t, report{})
		if names, _, _ := strings.Cut(a.Text, ": "); a.fields[939] != "0" || names != "not_judged" {
			return fmt.Errorf("answered %s", a.show())
		}
		return nil
	})
	thaw()
	testkit.Eventually(t, "trading to go on with new rates", time.Minute, func() error {
		if a := cl.last(t, cl.good(t)); a.State != oracle.Accepted {
			return context.DeadlineExceeded
		}
		return nil
	})
	c.judge(t, c.undisturbed()...)
}

// tooOld is the answer about rates that are ten minutes old, and as much older as the test has taken.
var tooOld = regexp.MustCompile(`^8 150=8 39=8 103=99 the reference rate of EUR/USD is 1\dm`)

// freeze stops processes without ending them (SIGSTOP), until thaw is called or the test ends.
func (c *core) freeze(t *testing.T, ids ...string) (thaw func()) {
	t.Helper()
	var frozen []stack.Process
	thaw = func() {
		for _, p := range frozen {
			_ = p.Signal(syscall.SIGCONT) // it does no harm twice
		}
	}
	t.Cleanup(thaw)
	for _, id := range ids {
		p, err := c.Process(id)
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		frozen = append(frozen, p)
	}
	return thaw
}

// ageRates names a version of the rates in Redis that is as the last one, but older by so much. It is signed, as by the mainframe's gateway:
// readers believe no other.
func (c *core) ageRates(t *testing.T, by time.Duration) {
	t.Helper()
	options, err := cache.Options(c.urls["admin_redis"], "")
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	text, err := client.HGet(ctx, "static:meta", "rates").Bytes()
	if err != nil {
		t.Fatal(err)
	}
	meta := object(t, text)
	held := client.HGetAll(ctx, key(meta)).Val()
	version, err := strconv.ParseInt(fmt.Sprint(meta["version"]), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	meta["version"] = json.Number(strconv.FormatInt(version+1, 10))
	older(t, meta, by)
	records := map[string][]byte{}
	for id, record := range held {
		rate := object(t, []byte(record))
		older(t, rate, by)
		records[id] = encoded(t, rate)
		client.HSet(ctx, key(meta), id, records[id])
	}
	c.signRates(t, meta, version+1, records)
	if err := client.HSet(ctx, "static:meta", "rates", encoded(t, meta)).Err(); err != nil || len(held) == 0 {
		t.Fatalf("%d rates: %v", len(held), err)
	}
}

// signRates signs a version of the rates by the key of the mainframe's gateway.
func (c *core) signRates(t *testing.T, meta map[string]any, version int64, records map[string][]byte) {
	t.Helper()
	secret, err := os.ReadFile(filepath.Join(c.Folder, "secrets", "sets.key"))
	if err != nil {
		t.Fatal(err)
	}
	var gateway mirror.Signer
	if err := gateway.UnmarshalText(secret); err != nil {
		t.Fatal(err)
	}
	text, _ := meta["as_of"].(string)
	asOf, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	meta["content_signature"], meta["held_signature"] = gateway.Content("rates", version, records), gateway.Held("rates", version, asOf)
}

func key(meta map[string]any) string { return fmt.Sprint("static:rates:", meta["version"]) }

func older(t *testing.T, record map[string]any, by time.Duration) {
	t.Helper()
	text, _ := record["as_of"].(string)
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	record["as_of"] = at.Add(-by).Format(time.RFC3339Nano)
}

func object(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var o map[string]any
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	if err := in.Decode(&o); err != nil {
		t.Fatal(err)
	}
	return o
}

func encoded(t *testing.T, record map[string]any) []byte {
	t.Helper()
	b, err := json.Marshal(record)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
