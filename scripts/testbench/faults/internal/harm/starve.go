package harm

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// busy computes in a number of loops until its input ends, which it does when this process ends in any way.
const busy = `n=0; while [ $n -lt "$LOOPS" ]; do while :; do :; done & all="$all $!"; n=$((n+1)); done; read -r end; kill $all`

// loops are processes that do nothing but compute.
type loops struct {
	cmd   *exec.Cmd
	input io.WriteCloser
}

// starve takes the processors away from the core: many loops compute beside it, with the core's own priority.
func starve(_ context.Context, _ *Harm, d *Done) (func(), error) {
	return Starve(d.Target == schedule.EachApart)
}

// Starve begins ten busy loops. Many kernels share out the processors among sessions first (sched_autogroup): together they are one
// session, as somebody's script is, and take as much as all of the core's programs; apart each of them takes as much. They end with the
// returned function, or with this process.
func Starve(apart bool) (end func(), err error) {
	groups, each := 1, schedule.Loops
	if apart {
		groups, each = schedule.Loops, 1
	}
	var all []loops
	end = func() {
		for _, one := range all {
			one.end()
		}
	}
	for range groups {
		one, err := compute(each)
		if err != nil {
			end()
			return nil, err
		}
		all = append(all, one)
	}
	return end, nil
}

// compute begins loops in a session of their own.
func compute(number int) (loops, error) {
	cmd := exec.Command("sh", "-c", busy) //nolint:noctx // it ends with its input
	cmd.Env = append(os.Environ(), "LOOPS="+strconv.Itoa(number))
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := cmd.StdinPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return loops{}, fmt.Errorf("start busy loops: %w", err)
	}
	return loops{cmd, input}, nil
}

func (l loops) end() {
	_ = l.input.Close()
	_ = l.cmd.Wait() // the exit code is that of kill: a loop may have ended already
}
