package cassandra

import (
	"context"
	"time"

	"github.com/gocql/gocql"
)

// ttl returns a retention in the server's unit; 0 is for ever.
func ttl(keep time.Duration) int { return int(min(keep, 20*365*24*time.Hour) / time.Second) }

// writes collects statements that travel together. Those of one partition are one write for the server.
type writes struct {
	session *gocql.Session
	group   *group
	order   []string
	batches map[string]*gocql.Batch
}

// perBatch bounds a batch.
const perBatch = 100

func (w *writes) add(together, statement string, values ...any) {
	if w.batches == nil {
		w.batches = map[string]*gocql.Batch{}
	}
	b := w.batches[together]
	if b == nil {
		b = w.session.NewBatch(gocql.UnloggedBatch)
		w.batches[together], w.order = b, append(w.order, together)
	}
	b.Query(statement, values...)
	if b.Size() == perBatch {
		w.sendOne(b)
		w.batches[together] = nil
	}
}

// send sends what was collected.
func (w *writes) send() {
	for _, together := range w.order {
		if b := w.batches[together]; b != nil {
			w.sendOne(b)
			w.batches[together] = nil
		}
	}
}

func (w *writes) sendOne(b *gocql.Batch) {
	w.group.do(func(ctx context.Context) error { return w.session.ExecuteBatch(b.WithContext(ctx)) })
}
