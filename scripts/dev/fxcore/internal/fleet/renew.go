package fleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// renewEvery is how often certificates are looked at. One is replaced after half of its life, so many looks may fail before it expires.
const renewEvery = 10 * time.Minute

// Renew replaces the certificates that are due, or all of them, while everything runs.
func (f Fleet) Renew(ctx context.Context, runs *supervisor.Supervisor, anew bool) error {
	servers, err := baseServers(server.Setting{Folder: f.Folder, Ports: f.Ports}, f.Roles())
	if err != nil {
		return err
	}
	errs := []error{f.renewOwn(anew)}
	for _, s := range servers {
		if s.Renew == nil {
			continue
		}
		id := s.Spec.ID()
		if err := s.Renew(ctx, func(signal syscall.Signal) error { return runs.Signal(id, signal) }, anew); err != nil {
			errs = append(errs, fmt.Errorf("renew the certificate of %s: %w", id, err))
		}
	}
	if _, err := os.Stat(f.Folder.Data("haproxy")); err == nil {
		errs = append(errs, f.renewRouter(ctx, runs, anew))
	}
	return errors.Join(errs...)
}

// renewRouter replaces the certificate of HAProxy's page. No connection ends.
func (f Fleet) renewRouter(ctx context.Context, runs *supervisor.Supervisor, anew bool) error {
	if anew {
		if err := server.ForgetHAProxys(f.Folder); err != nil {
			return err
		}
	}
	_, err := f.Reroute(ctx, runs)
	return err
}

// KeepCertificates renews certificates until ctx ends: those that are due, and all of them when somebody asks.
func (f Fleet) KeepCertificates(ctx context.Context, runs *supervisor.Supervisor, asked <-chan struct{}, say func(string)) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		anew := false
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-asked:
			anew = true
		}
		err := f.Renew(ctx, runs, anew)
		if anew {
			err = errors.Join(err, f.tell(err))
		}
		if err != nil {
			say(err.Error())
		}
	}
}

// rotatedFile says how the last rotation ended.
const rotatedFile = "rotated.json"

// Rotated is how a rotation ended.
type Rotated struct {
	At    time.Time `json:"at"`
	Error string    `json:"error,omitempty"`
}

func (f Fleet) tell(err error) error {
	r := Rotated{At: time.Now()}
	if err != nil {
		r.Error = err.Error()
	}
	return f.Folder.WriteJSON(rotatedFile, r, 0o644)
}

// LastRotation returns how the last rotation ended; the zero Rotated if there was none.
func LastRotation(f folder.Folder) (r Rotated, err error) {
	err = f.ReadJSON(rotatedFile, &r)
	return r, err
}
