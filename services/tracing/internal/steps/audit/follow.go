package audit

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/health"
	"fxcore/lambda/log"
	"fxcore/services/contract"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// Stream keeps what the audit takes until it is in the chain, and after that for as long as it has room.
const Stream = "tracing.audit"

// What the stream keeps: some two million entries.
const (
	streamBytes = 1 << 30
	streamAge   = 30 * 24 * time.Hour
)

// Queue is the audit's stream. Trades are in another one, so they cannot push out what happened to security.
func Queue() amqp.Queue {
	return amqp.Queue{
		Name:     Stream,
		Purpose:  "keeps what happened to security for the audit",
		Bindings: contract.Bindings(slices.Collect(maps.Keys(readers()))...),
		Stream:   amqp.Retention{MaxBytes: streamBytes, MaxAge: streamAge},
	}
}

// Store keeps the chain.
type Store interface {
	AuditHead(ctx context.Context, today event.Day) (journal.Head, error)
	AppendAudit(ctx context.Context, today event.Day, offset int64, all []store.Audited) (appended int, err error)
}

// Follower takes the stream into the chain. Each replica reads the whole stream; the chain's head lets one of them append.
type Follower struct {
	Store    Store
	Follow   func(ctx context.Context, stream string, from amqp.Offset, read amqp.Reader) error
	Clock    func() time.Time
	Log      *slog.Logger
	Appended *health.Counter
	Signers  *follow.File[amqp.Signers] // whose proofs of commands count

	emergency atomic.Int64 // when the last command by the key for emergencies was given, in nanoseconds since 1970
}

// emergencyLasts is for how long an alarm tells of a command by the key for emergencies.
const emergencyLasts = time.Hour

// Emergencies returns 1 for an hour after a command by the key for emergencies, else 0.
func (f *Follower) Emergencies() float64 {
	if f.Clock().Sub(time.Unix(0, f.emergency.Load())) < emergencyLasts {
		return 1
	}
	return 0
}

// Run follows the stream until ctx ends.
func (f *Follower) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		head, err := f.Store.AuditHead(ctx, event.DayOf(f.Clock()))
		if err == nil {
			return f.Follow(ctx, Stream, amqp.Offset(head.Offset+1), f.take)
		}
		f.Log.WarnContext(ctx, "the audit's chain cannot be read, trying again", log.Error(err))
		pause(ctx, time.Second)
	}
	return nil
}

// take appends what came. What another replica has appended is left out. After an error the same entries come again.
func (f *Follower) take(ctx context.Context, entries []amqp.Entry) error {
	var all []store.Audited
	for _, entry := range entries { // one that cannot be read is in the log, and the bus has told the audit if it is not authentic
		for _, e := range entry.Events {
			all = append(all, f.judged(e, Of(e, int64(entry.Offset))))
		}
	}
	n, err := f.Store.AppendAudit(ctx, event.DayOf(f.Clock()), int64(entries[len(entries)-1].Offset), all)
	if err != nil {
		return err
	}
	f.Appended.Add(n)
	return nil
}

// judged marks a command without a proof as refused: whoever would carry it out refuses it, too.
func (f *Follower) judged(e event.Event, a store.Audited) store.Audited {
	needed := contract.Proofs(e.Type)[e.Type.Name]
	if len(needed) == 0 {
		return a
	}
	by, err := f.Signers.Now().ProvenBy(e, needed...)
	switch {
	case err != nil:
		a.Entry.Outcome, a.Entry.Who, a.Entry.Why = refused, "claims to be "+a.Entry.Who, err.Error()
	case by == contract.BreakGlass:
		a.Entry.Source += ", by the key for emergencies"
		f.emergency.Store(e.Time.UnixNano())
	}
	a.Entry = bounded(a.Entry)
	return a
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
