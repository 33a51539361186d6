package audit

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/tracing/internal/journal"
	"fxcore/services/tracing/internal/store"
)

// How often the chain is walked, and how long after that a walk that did not succeed is tried again.
const (
	walkEvery = time.Hour
	walkAgain = time.Minute
)

// Watch walks the audit's chain again and again, and tells where it stands. The line in the log goes to another store than the chain, by
// another program: whoever computes the whole chain anew has to change that one, too.
type Watch struct {
	Chain store.Auditor
	Clock func() time.Time
	Log   *slog.Logger

	mu    sync.Mutex
	state State
}

// State is what the last walk has found.
type State struct {
	At      time.Time // zero: none has ended yet
	Records int       // that are sound
	Seq     int64     // of the chain's end, when the walk began
	Hash    string    // of the same, in hexadecimal
	Fault   string    // the first record that is not what was written; empty: all are
}

// State returns what the last walk has found.
func (w *Watch) State() State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// Run walks the chain until ctx ends.
func (w *Watch) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		next := walkEvery
		if err := w.Walk(ctx); err != nil && ctx.Err() == nil {
			w.Log.WarnContext(ctx, "the audit's chain cannot be verified, trying again", log.Error(err))
			next = walkAgain
		}
		pause(ctx, next)
	}
	return nil
}

// Walk verifies the whole chain. Error: it could not be read. A fault is no error: the state has it.
func (w *Watch) Walk(ctx context.Context) error {
	// The end is read first, so that the walk has seen it: a record may come at any moment.
	seq, hash, err := end(ctx, w.Chain)
	if err != nil {
		return err
	}
	records, err := store.Verify(ctx, w.Chain, journal.AuditChain)
	var fault journal.Fault
	if err != nil && !errors.As(err, &fault) {
		return err
	}
	s := State{At: w.Clock().UTC(), Records: records}
	if fault.What != "" {
		s.Fault = fault.Error()
		w.Log.ErrorContext(ctx, "the audit is not what was written", "event.reason", s.Fault)
	} else {
		s.Seq, s.Hash = seq, hash
		w.Log.InfoContext(ctx, "the audit is sound", "labels.records", records, "labels.seq", s.Seq, "labels.hash", s.Hash)
	}
	w.mu.Lock()
	w.state = s
	w.mu.Unlock()
	return nil
}

// end returns where the chain ends.
func end(ctx context.Context, chain store.Auditor) (seq int64, hash string, err error) {
	parts, err := chain.Parts(ctx, journal.AuditChain)
	if err != nil || len(parts) == 0 {
		return 0, "", err
	}
	last := parts[len(parts)-1]
	return last.LastSeq, hex.EncodeToString(last.LastHash), nil
}

// Broken returns 1 if the last walk has found a fault, else 0.
func (w *Watch) Broken() float64 {
	if w.State().Fault != "" {
		return 1
	}
	return 0
}

// Concern returns the fault that the last walk has found.
func (w *Watch) Concern(context.Context) error {
	if s := w.State(); s.Fault != "" {
		return fmt.Errorf("the audit is not what was written: %s", s.Fault)
	}
	return nil
}
