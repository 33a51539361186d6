package fleet

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

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
	if there(f.Folder.Path(certificateFile)) {
		errs = append(errs, f.writeCertificate(anew), f.distribute())
	}
	if there(f.Folder.Data("haproxy")) {
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

// KeepSecrets replaces certificates that are due, and whatever somebody asks for, until ctx ends.
func (f Fleet) KeepSecrets(ctx context.Context, runs *supervisor.Supervisor, asked <-chan struct{}, say func(string)) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			err = f.Renew(ctx, runs, false)
		case <-asked:
			err = f.answerRotation(ctx, runs)
		}
		if err != nil {
			say(err.Error())
		}
	}
}
