package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"fxcore/lambda/testkit"
)

// answering is a monitoring service that answers one body after the other, the last one for good.
func answering(t *testing.T, bodies ...string) *telling {
	t.Helper()
	var asked atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n := min(int(asked.Add(1)), len(bodies)) - 1
		_, _ = io.WriteString(w, bodies[n])
	}))
	t.Cleanup(s.Close)
	return &telling{addresses: func() []string { return []string{"http://127.0.0.1:1", s.URL} }, lasting: map[string]bool{}}
}

func TestTheReplicaThatAnswersIsAskedUntilNothingFiresButWhatLasts(t *testing.T) {
	told := answering(t, `{"items":[{"key":"a:1","text":"x"},{"key":"b:1"}]}`, `{"items":[{"key":"b:1"}]}`)
	told.lasting["b:1"] = true
	seen, still, err := told.calm(t.Context(), time.Minute)
	if err != nil || len(still) > 0 || !slices.Equal(seen, []string{"a:1", "b:1"}) {
		t.Errorf("%v, %v, %v", seen, still, err)
	}
}

// An alert that nobody made here does not end the show: it is named once, and the causes of other alerts are made.
func TestAnAlertOfAnotherCauseIsNamedAndLeftAlone(t *testing.T) {
	told := answering(t, `{"items":[{"key":"disk_full:core","text":"the disk is full"}]}`)
	_, still, err := told.calm(t.Context(), 0)
	if err != nil || len(still) != 1 {
		t.Fatalf("%v, %v", still, err)
	}
	var out bytes.Buffer
	sayStill(&out, still)
	if !strings.Contains(out.String(), "disk_full:core: the disk is full") {
		t.Errorf("%q", &out)
	}
	if _, again, err := told.calm(t.Context(), time.Minute); err != nil || len(again) > 0 {
		t.Errorf("waited for it again: %v, %v", again, err)
	}
	out.Reset()
	group := []cause{{name: "the disk", keys: []string{"disk_full:core"}}, {name: "any warns", keys: []string{"instance_warns:auth-*"}}}
	if made := silent(&out, group, still); len(made) != 1 || made[0].name != "any warns" || !strings.Contains(out.String(), "disk_full:core fires already") {
		t.Errorf("%v, %q", made, &out)
	}
}

// Without an answer nobody knows what fires.
func TestWithoutAnAnswerNothingIsMade(t *testing.T) {
	told := &telling{addresses: func() []string { return nil }, lasting: map[string]bool{}}
	if _, _, err := told.calm(t.Context(), 0); err == nil {
		t.Error("no error")
	}
}

func TestAnAlertThatDoesNotComeIsAnError(t *testing.T) {
	told := answering(t, `{"items":[]}`)
	if _, err := told.until(t.Context(), 0, func(map[string]string) bool { return false }); err == nil {
		t.Error("no error")
	}
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := told.until(ended, time.Minute, func(map[string]string) bool { return false }); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestTheTableFailsIfAnAlertIsLateOrMissing(t *testing.T) {
	for _, c := range []struct {
		result result
		code   int
		says   string
	}{
		{result{cause: "c", key: "k", aim: fireAim, fired: 20 * time.Second, cleared: 12 * time.Second, also: []string{"o"}}, 0, "| c | `k` | 20 s | 12 s | o |"},
		{result{cause: "c", key: "k", aim: fireAim, fired: 50 * time.Second}, 1, "| 50 s |"},
		{result{cause: "c", key: "k", err: errors.New("not within 90 s")}, 1, "**not within 90 s**"},
	} {
		var out bytes.Buffer
		if code := table(&out, []*result{&c.result}); code != c.code || !strings.Contains(out.String(), c.says) {
			t.Errorf("%d: %s", code, out.String())
		}
	}
}

func TestACauseIsChosenByAWordOfItsNameOrOfItsAlerts(t *testing.T) {
	one := cause{name: "Redis hangs (SIGSTOP)", keys: []string{"redis_down:core"}}
	for words, chosen := range map[string]bool{"": true, "redis": true, "icinga, HANGS": true, "redis_down": true, "icinga": false} {
		if one.has(words) != chosen {
			t.Errorf("%q: %v", words, !chosen)
		}
	}
}

func TestAKeyWithAStarStandsForAnyThatBeginsSo(t *testing.T) {
	firing := map[string]string{"instance_warns:monitoring-2": "it warns"}
	for key, want := range map[string]bool{"instance_warns:monitoring-*": true, "instance_warns:monitoring-2": true, "instance_warns:monitoring-1": false, "instance_warns:auth-*": false} {
		if fires(firing, key) != want {
			t.Errorf("%s: %v", key, !want)
		}
	}
}

func TestAStoppedProcessIsFoundWithItsDescendants(t *testing.T) {
	shell := exec.Command("sh", "-c", "sleep 60 & wait")
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shell.Process.Kill(); _ = shell.Wait() })
	testkit.Eventually(t, "the child", time.Minute, func() error {
		below := children()[shell.Process.Pid]
		if len(below) != 1 {
			return fmt.Errorf("%v", below)
		}
		return tell(below, syscall.SIGKILL)
	})
}

func TestCausesHaveAlertsOfRules(t *testing.T) {
	for _, c := range slices.Concat(causes()...) {
		for _, key := range c.keys {
			if rule, subject, cut := strings.Cut(key, ":"); !cut || rule == "" || subject == "" {
				t.Errorf("%s: %q is no key", c.name, key)
			}
		}
	}
}
