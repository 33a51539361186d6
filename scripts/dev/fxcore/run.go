package main

import (
	"context"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/place"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// quiet is the flag of a run in the background: it shows nothing.
const quiet = "--quiet"

// runForeground starts everything, shows its state until ctx ends, and stops everything.
func runForeground(ctx context.Context, o options, args []string) error {
	return core(ctx, o, true, func(ctx context.Context, f fleet.Fleet, s *supervisor.Supervisor) error {
		if slices.Contains(args, quiet) {
			<-ctx.Done()
			return nil
		}
		return show(ctx, f, s)
	})
}

func up(ctx context.Context, o options, _ []string) error { return background(ctx, o, "run", quiet) }

// with runs a command against the core that runs here. If none runs, it starts a core without the demo's providers,
// which stops when the command ends. The command finds the core's folder in RUN_FOLDER.
func with(ctx context.Context, o options, args []string) error {
	if len(args) == 0 {
		return usage()
	}
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	env := []string{"RUN_FOLDER=" + string(f)}
	if f.InUse() {
		return runCommand(ctx, o.here, args, env)
	}
	return core(ctx, o, false, func(ctx context.Context, _ fleet.Fleet, _ *supervisor.Supervisor) error {
		return runCommand(ctx, o.here, args, env)
	})
}

// core starts everything, calls use, and stops everything when use returns. trades says whether the demo's providers
// run.
func core(ctx context.Context, o options, trades bool, use func(context.Context, fleet.Fleet, *supervisor.Supervisor) error) error {
	p, err := place.Take(o.root, o.ports, say)
	if err != nil {
		return err
	}
	defer p.Release()
	links, err := fleet.ReadLinks(o.links)
	if err != nil {
		return err
	}
	if err := enter(p.Folder); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		say("you are not root: every program runs as you and can read the others' secrets; started by root, each has a user of its own")
	}
	f := fleet.Fleet{Folder: p.Folder, Ports: p.Ports, Bin: o.bin, Trades: trades, Ahead: o.ahead, Links: links, Login: o.login, Disk: o.disk, Full: o.full == always}
	scale, err := fleet.ReadScale(p.Folder)
	if err != nil {
		return err
	}
	phases, err := f.Phases(scale)
	if err != nil {
		return err
	}
	about, err := f.About()
	if err != nil {
		return err
	}
	s := supervisor.New(p.Folder, about, say)
	defer func() {
		say("stopping")
		s.Stop()
	}()
	if err := s.Start(ctx, phases); err != nil && ctx.Err() == nil { // a start that the user interrupted is no failure
		return err
	}
	go rescale(ctx, f, s)
	go boundLogs(ctx, f, s)
	go f.FollowProviders(ctx, s, say)
	go f.KeepSecrets(ctx, s, rotations(ctx), say)
	return use(ctx, f, s)
}

// rotations tells of each SIGUSR2: another fxcore process asks for new secrets.
func rotations(ctx context.Context) <-chan struct{} {
	asked, tell := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(asked, syscall.SIGUSR2)
	go func() {
		defer signal.Stop(asked)
		for {
			select {
			case <-ctx.Done():
				return
			case <-asked:
			}
			select {
			case tell <- struct{}{}:
			default: // one rotation that has not begun is enough
			}
		}
	}()
	return tell
}

// rescale reads the scale's file and applies it on each SIGUSR1. Another fxcore process has written the file and
// sends the signal.
func rescale(ctx context.Context, f fleet.Fleet, s *supervisor.Supervisor) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGUSR1)
	defer signal.Stop(asked)
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
		}
		scale, err := fleet.ReadScale(f.Folder)
		if err == nil {
			err = f.Apply(scale, s)
		}
		if err == nil {
			err = f.Observe(scale)
		}
		if err == nil {
			_, err = f.Reroute(ctx, s)
		}
		if err != nil {
			say("scale: " + err.Error())
		}
	}
}
