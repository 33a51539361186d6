package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/process"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// errEnded says that the background supervisor ended during its start. Its output has already been shown.
var errEnded = errors.New("the start failed, see above")

// background starts this program again, detached from the terminal, and shows its output. It returns when everything
// runs or the start has failed. If ctx ends first, it stops the new process.
func background(ctx context.Context, o options, args ...string) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	if f.InUse() {
		say("the core already runs here")
		return nil
	}
	log := f.Log("fxcore")
	if err := os.Truncate(log, 0); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("empty log: %w", err)
	}
	cmd, err := detach(log, args)
	if err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	return follow(ctx, f, cmd, ended)
}

// detach starts this program in its own session, so that it survives the closing of the terminal.
func detach(log string, args []string) (*exec.Cmd, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("find own program: %w", err)
	}
	out, err := process.OpenLog(log)
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd := exec.Command(self, args...) //nolint:gosec,noctx // this program; the new process must outlive this one
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start in the background: %w", err)
	}
	return cmd, nil
}

// follow shows the log until the supervisor runs or has ended. If ctx ends first, it ends the supervisor.
func follow(ctx context.Context, f folder.Folder, cmd *exec.Cmd, ended <-chan struct{}) error {
	log, err := os.Open(f.Log("fxcore"))
	if err != nil {
		return fmt.Errorf("show start: %w", err)
	}
	defer func() { _ = log.Close() }()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		_, _ = io.Copy(os.Stderr, log)
		record, _ := supervisor.Read(f)
		if record.State == supervisor.Running && record.Supervisor.PID == cmd.Process.Pid {
			_, _ = io.Copy(os.Stderr, log)
			return nil
		}
		select {
		case <-ended:
			_, _ = io.Copy(os.Stderr, log)
			return errEnded
		case <-ctx.Done():
			_ = cmd.Process.Signal(syscall.SIGTERM)
			<-ended
			return ctx.Err()
		case <-tick.C:
		}
	}
}
