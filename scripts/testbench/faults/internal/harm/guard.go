package harm

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guard is a separate process that knows which processes are frozen. Its input ends when this process ends in any
// way. It then lets all of them go on (SIGCONT).
type guard struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

const guardian = `while read -r pid; do all="$all $pid"; done; test -z "$all" || kill -CONT $all 2>/dev/null`

func newGuard() (guard, error) {
	cmd := exec.Command("sh", "-c", guardian)             //nolint:noctx // it ends with its input
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C must reach only this process
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return guard{}, fmt.Errorf("watch over frozen processes: %w", err)
	}
	return guard{cmd, input}, nil
}

// tell names a process that the guard must let go on when this process ends. Call it before the process is frozen, so
// that at every moment something will let it go on.
func (g guard) tell(p Process) error {
	if _, err := fmt.Fprintln(g.input, p.PID); err != nil {
		return fmt.Errorf("watch over frozen processes: %w", err)
	}
	return nil
}

// release lets all processes go on and ends the guard.
func (g guard) release() {
	_ = g.input.Close()
	_ = g.cmd.Wait() // a non-zero exit code says that a process had ended, which is harmless
}
