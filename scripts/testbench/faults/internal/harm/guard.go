package harm

import (
	"fmt"
	"io"
	"os/exec"
	"syscall"
)

// guard is a process of its own that is told who is going to be frozen. Its input ends when we do, however we do, and then
// it lets them all go on.
type guard struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

const guardian = `while read -r pid; do all="$all $pid"; done; test -z "$all" || kill -CONT $all 2>/dev/null`

func newGuard() (guard, error) {
	cmd := exec.Command("sh", "-c", guardian)             //nolint:noctx // ends with its input
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for us alone
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return guard{}, fmt.Errorf("watch over frozen processes: %w", err)
	}
	return guard{cmd, input}, nil
}

// tell comes before the process is frozen, so that there is no moment in which nobody would let it go on.
func (g guard) tell(p Process) error {
	if _, err := fmt.Fprintln(g.input, p.PID); err != nil {
		return fmt.Errorf("watch over frozen processes: %w", err)
	}
	return nil
}

// release lets all go on.
func (g guard) release() {
	_ = g.input.Close()
	_ = g.cmd.Wait() // its exit code says that somebody was gone, who needs nothing
}
