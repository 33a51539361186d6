package jobs_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/jobs"
)

func TestOnCallStartsAJobWithoutTheAPI(t *testing.T) {
	url := testkit.AMQP(t)
	heard := make(chan event.Event, 1)
	amqptest.Serve(t, amqp.Config{URL: url}, amqp.Topology{
		Service: "test", Queues: []amqp.Queue{jobs.New("test", counting()).Queue()}, Publishes: jobs.Publications(),
	}, amqp.HandlerFunc(func(_ context.Context, events []event.Event) []amqp.Result {
		heard <- events[0]
		return make([]amqp.Result, len(events))
	}))
	amqptest.Setenv(t, url)
	var out bytes.Buffer
	if code := jobs.OnCall("test", []string{"start", "-reason", "a report came late", "-due", "2026-11-24T12:00:00Z", "count", "items"}, &out); code != 0 {
		t.Fatalf("exit code %d: %s", code, &out)
	}
	select {
	case e := <-heard:
		c := read[jobs.Command](t, e)
		if e.Key() != "job.commanded.operations" || c.Job != "count items" || c.Action != jobs.Start || !c.Due.Equal(noon) || !strings.HasPrefix(c.By, "break glass: ") || e.Proof == "" || e.Deadline.IsZero() || c.Reason != "a report came late" {
			t.Errorf("%s: %+v", e.Key(), c)
		}
	case <-time.After(time.Minute):
		t.Fatal("nothing was published")
	}
}

func TestOnCallSaysWhatACommandLacks(t *testing.T) {
	for _, args := range [][]string{nil, {"pause", "count items"}, {"start", "count items"}, {"start", "-reason", "x"}, {"start", "-due", "noon", "-reason", "x", "count items"}} {
		var out bytes.Buffer
		if code := jobs.OnCall("test", args, &out); code != 2 || out.Len() == 0 {
			t.Errorf("%s: exit code %d, %q", strings.Join(args, " "), code, &out)
		}
	}
}
