package jobs

import (
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func TestOnlyLaterPartsOfAJobThatYieldsRest(t *testing.T) {
	begin := func(Run) Part { return nil }
	set := New("test", Job{Name: "yields", Begin: begin, Rest: func() time.Duration { return time.Minute }}, Job{Name: "hurries", Begin: begin})
	part := func(job string, n int) event.Event {
		e, err := event.New(contract.JobDue, event.NewID(testkit.Day, job), contract.Batch, "x", Run{Job: job, Part: n})
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	for want, events := range map[time.Duration][]event.Event{
		0:           {part("yields", 0), part("hurries", 3), part("of another service", 3)},
		time.Minute: {part("hurries", 3), part("yields", 1)},
	} {
		if got := set.rest(events); got != want {
			t.Errorf("%d events: rests %s, want %s", len(events), got, want)
		}
	}
}
