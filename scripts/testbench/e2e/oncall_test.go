//go:build e2e

package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/testbench/oracle"
)

const (
	onCallUser   = "U0013" // the demo's person of operations
	fxctlBound   = time.Minute
	browserBound = 3 * time.Minute
)

// onCallSees: messages that nobody can read come into a queue. On-call finds them and resolves them, moves a session and looks at the way of a
// trade: by fxctl, and on the page in a real browser by keyboard alone, with an accessibility check of each view. Without Node.js or Chromium the
// page is left out, and the test says so.
func (c *core) onCallSees(t *testing.T) {
	ts := c.open(t, "oncall", "TEST7", "TEST8")
	ts.trade(t, 5)
	ts.more(t, 5)
	ts.finish(t)
	c.poison(t, "responsibility", 3)
	c.byCommand(t)
	c.byPage(t)
	c.fxctl(t, 0, "errors", "discard", "--group", c.failedGroup(t), "--reason", "the test is over")
	c.judge(t, oracle.Rules()...)
}

// poison puts messages that are no events into a queue.
func (c *core) poison(t *testing.T, queue string, n int) {
	t.Helper()
	conn, err := amqp.Dial(c.urls["admin_amqp"])
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err == nil {
		err = ch.Confirm(false)
	}
	for i := 0; i < n && err == nil; i++ {
		message := amqp.Publishing{DeliveryMode: amqp.Persistent, MessageId: fmt.Sprint(c.run, "-poison-", i), ContentType: "application/json", Body: fmt.Appendf(nil, `{"poison":%d}`, i)}
		var confirmed *amqp.DeferredConfirmation
		if confirmed, err = ch.PublishWithDeferredConfirmWithContext(t.Context(), "", queue, false, false, message); err == nil {
			confirmed.Wait()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
}

// fxctl runs the command line of on-call, which must end with a code, and returns what it says.
func (c *core) fxctl(t *testing.T, code int, args ...string) string {
	t.Helper()
	said, err := c.tryFxctl(t, code, args...)
	if err != nil {
		t.Fatal(err)
	}
	return said
}

func (c *core) tryFxctl(t *testing.T, code int, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), fxctlBound)
	defer cancel()
	said, err := exec.CommandContext(ctx, filepath.Join(c.Bin, "fxctl"), append([]string{"--core", c.Folder}, args...)...).CombinedOutput()
	got := 0
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		got = ended.ExitCode()
	case err != nil:
		return "", err
	}
	if got != code {
		return "", fmt.Errorf("fxctl %s: exit code %d, want %d: %s", strings.Join(args, " "), got, code, said)
	}
	return string(said), nil
}

// failedGroup waits until all that was put in has failed, and returns the key of its group.
func (c *core) failedGroup(t *testing.T) (key string) {
	t.Helper()
	testkit.Eventually(t, "the messages in the error queue", time.Minute, func() error {
		said, err := c.tryFxctl(t, 0, "errors", "groups", "--json")
		if err != nil {
			return err
		}
		var groups struct {
			Items []struct {
				Key, Queue string
				Count      int
			}
		}
		if err := json.Unmarshal([]byte(said), &groups); err != nil || len(groups.Items) != 1 || groups.Items[0].Queue != "responsibility" {
			return fmt.Errorf("%s: %w", said, err)
		}
		key = groups.Items[0].Key
		return nil
	})
	return key
}

// byCommand reads with each of fxctl's commands, and commands with some.
func (c *core) byCommand(t *testing.T) {
	t.Helper()
	key := c.failedGroup(t) // the messages have come to the error queue
	for words, want := range map[string]string{
		"status": "responsibility-2", "queues": "responsibility", "sessions": "TEST7", "jobs": "", "lines": "client/", "trades --limit 5": "TEST", "alerts": "",
		"logs --limit 5": "LEVEL", "trace search --limit 5 --outcome registered": "TEST", "failover status": "fix/1", "errors list": "responsibility", "settlements --limit 5": "", "signin": onCallUser,
	} {
		if said := c.fxctl(t, 0, strings.Fields(words)...); !strings.Contains(said, want) {
			t.Errorf("fxctl %s does not tell of %q: %s", words, want, said)
		}
	}
	if said := c.fxctl(t, 0, "errors", "replay", "--group", key, "--dry-run", "--reason", "looking"); !strings.Contains(said, "3 would be replayed") {
		t.Error(said)
	}
	c.fxctl(t, 3, "sessions", "move", "TEST7", "fix-9", "--reason", "there is none")
	if said := c.fxctl(t, 1, "jobs", "start", "no such job", "--reason", "a mistake", "--wait", "3s"); !strings.Contains(said, "no service has answered") {
		t.Error(said)
	}
	to := other(c.planned(t, "TEST7").Instance)
	c.fxctl(t, 0, "sessions", "move", "TEST7", to, "--reason", "an end-to-end test")
	testkit.Eventually(t, "TEST7 at "+to, time.Minute, func() error {
		if at := c.planned(t, "TEST7").Instance; at != to {
			return fmt.Errorf("it is at %s", at)
		}
		return nil
	})
	if said := c.fxctl(t, 0, "sessions", "history", "TEST7"); !strings.Contains(said, onCallUser) {
		t.Errorf("the history does not say who it was: %s", said)
	}
	c.onCall(t, "fallback")
}

// byPage runs the browser's tests of the page.
func (c *core) byPage(t *testing.T) {
	t.Helper()
	r, err := c.Record()
	if err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, "another one-time code: each is good once", time.Minute, func() error { return c.freshCode() })
	proof, err := apiclient.Proof(c.Folder, onCallUser)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserBound)
	defer cancel()
	shots := filepath.Join(c.Folder, "page")
	if err := os.MkdirAll(shots, 0o750); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(ctx, filepath.Join(c.repository, "scripts", "pages"), "browser")
	cmd.Env = append(os.Environ(), "PAGES_BASE="+r.URLs["operations"], "PAGES_USER="+proof["user"], "PAGES_PASSWORD="+proof["password"], "PAGES_CODE="+proof["code"], "PAGES_SHOTS="+shots)
	said, err := cmd.CombinedOutput()
	t.Logf("%s", said)
	if err != nil {
		t.Errorf("the page in a browser: %v; its pictures are in %s", err, shots)
	}
}

// freshCode waits for the beginning of the next half minute after fxctl has signed in.
func (c *core) freshCode() error {
	signed, err := os.Stat(filepath.Join(c.Folder, "secrets", "fxctl-"+onCallUser+".token"))
	if err != nil {
		return err
	}
	const step = 30 // seconds for which a code is good
	if signed.ModTime().Unix()/step == time.Now().Unix()/step {
		return errors.New("the code of this half minute is used")
	}
	return nil
}
