package fleet

import (
	"context"
	"crypto/sha256"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Reroute has HAProxy read anew who is to be routed where, if that has changed, and tells whether it has. No connection ends
// by it.
func (f Fleet) Reroute(ctx context.Context, runs *supervisor.Supervisor) (changed bool, err error) {
	h, err := f.router()
	if err != nil {
		return false, err
	}
	before := f.routed()
	if err := h.Prepare(ctx); err != nil || f.routed() == before {
		return false, err
	}
	// One that is being started just now reads what is there.
	if err := runs.Signal(h.Spec.ID(), syscall.SIGUSR2); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return false, err
	}
	return true, nil
}

// routed is a digest of what HAProxy reads.
func (f Fleet) routed() (digest [sha256.Size]byte) {
	all := sha256.New()
	names, _ := filepath.Glob(filepath.Join(f.Folder.Data("haproxy"), "*")) // sorted; the pattern is good
	for _, name := range names {
		content, _ := os.ReadFile(name) // what cannot be read has changed
		_, _ = all.Write(append([]byte(name), content...))
	}
	return [sha256.Size]byte(all.Sum(nil))
}

// FollowProviders reroutes whenever a file of providers has changed, until ctx ends. What cannot be used is said, and
// HAProxy keeps what it has.
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
		switch changed, err := f.Reroute(ctx, runs); {
		case err != nil:
			say("HAProxy keeps its routes: " + err.Error())
		case changed:
			say("HAProxy has the providers' new routes")
		}
	}
}

// providersChanged is when each file of providers was last written; 0 while there is none.
func (f Fleet) providersChanged() (at [2]int64) {
	for i, name := range []string{providersFile, socketProvidersFile} {
		if info, err := os.Stat(f.Folder.Path(name)); err == nil {
			at[i] = info.ModTime().UnixNano()
		}
	}
	return at
}
