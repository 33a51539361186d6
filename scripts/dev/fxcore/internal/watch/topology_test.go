package watch

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
)

// A stream keeps what was read: it would look like a queue that nobody empties.
func TestStreamsAreNotWatched(t *testing.T) {
	all := []amqp.Topology{{Queues: []amqp.Queue{{Name: "api"}, {Name: "api.answers", Stream: amqp.Retention{MaxAge: time.Minute}}, {Name: unnamedProvider}}}}
	if diff := cmp.Diff([]string{"api", amqp.ErrorQueue, amqp.UnroutableQueue}, queueNames(all)); diff != "" {
		t.Error(diff)
	}
}
