package fleet

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Reroute writes HAProxy's files again and makes HAProxy reload them if they have changed. It reports whether they
// have. No connection ends.
func (f Fleet) Reroute(ctx context.Context, runs *supervisor.Supervisor) (changed bool, err error) {
	h, err := f.router()
	if err != nil {
		return false, err
	}
	before := f.routed()
	if err := h.Prepare(ctx); err != nil || f.routed() == before {
		return false, err
	}
	// If HAProxy is being restarted, it reads the new files anyway.
	if err := runs.Signal(h.Spec.ID(), syscall.SIGUSR2); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return false, err
	}
	return true, nil
}

// routed returns a digest of the files that HAProxy reads.
func (f Fleet) routed() (digest [sha256.Size]byte) {
	all := sha256.New()
	names, _ := filepath.Glob(filepath.Join(f.Folder.Data("haproxy"), "*")) // sorted; the pattern is valid
	for _, name := range names {
		content, _ := os.ReadFile(name) // a file that cannot be read counts as changed
		_, _ = all.Write(append([]byte(name), content...))
	}
	return [sha256.Size]byte(all.Sum(nil))
}

// FollowProviders gives new providers their queues at the broker and calls Reroute, whenever a file of providers has changed, until ctx ends.
// If the new file is invalid, it says so, and HAProxy keeps its routes.
func (f Fleet) FollowProviders(ctx context.Context, runs *supervisor.Supervisor, say func(string)) {
	known := f.providersChanged()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := f.providersChanged()
		if now == known {
			continue
		}
		known = now
		for _, s := range slices.Concat(f.services()...) {
			if err := f.give(s); err != nil {
				say(err.Error())
			}
		}
		if err := f.declare(ctx); err != nil {
			say("a new provider has no queue at the broker yet: " + err.Error())
		}
		switch changed, err := f.Reroute(ctx, runs); {
		case err != nil:
			say("HAProxy keeps its old routes: " + err.Error())
		case changed:
			say("HAProxy uses the new providers")
		}
	}
}

// providersChanged returns when each file about providers was last written, in nanoseconds of the Unix epoch; 0 if it
// does not exist.
func (f Fleet) providersChanged() (at [4]int64) {
	for i, name := range []string{providersFile, socketProvidersFile, clientCAFile, clientCRLFile} {
		if info, err := os.Stat(f.Folder.Path(name)); err == nil {
			at[i] = info.ModTime().UnixNano()
		}
	}
	return at
}
