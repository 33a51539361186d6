// Package oncall is the command line of whoever is on call: it shows the plan, and commands by message.
package oncall

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"fxcore/services/failover/internal/plan"
	"fxcore/services/failover/internal/view"
)

// Exit codes.
const (
	exitDone        = 0
	exitFailed      = 1 // it was accepted and has not happened in time
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4 // the broker or failover does not answer
)

const about = `usage: failover [-json] [-why TEXT] [-wait DURATION] [-break-glass] COMMAND

  status                      instances, providers, where they are and where they belong
  history [PROVIDER]          what happened, the newest first
  move PROVIDER INSTANCE      to that instance; it stays there until the instance is away or drains
  home PROVIDER INSTANCE      that instance is its home from now on
  drain INSTANCE              gives away all that it holds, and gets nothing until it is undrained
  undrain INSTANCE            may hold sessions again
  fallback [PROVIDER]         home, all or this one
  spread                      homes are made even over the instances that are there
  automatic, manual           whether sessions fall back by themselves
  bar PROVIDER                cuts it off within seconds at every gateway; it is not admitted until admit. -why is needed
  admit PROVIDER              it may log on again. -why is needed

move, drain and fallback wait until it has happened and say how long each provider was away.
An instance is named as status shows it, fix/2, or as make status and its log are, fix-2.

exit codes: 0 done, 1 not in time or failed, 2 not understood, 3 refused, 4 the broker or failover does not answer
Commands go by failover's interface with a person's token, as fxctl failover does it (FAILOVER_DESK, _DESK_CA, _DESK_TOKEN). While it or auth is
away: -break-glass, with the key for emergencies (BREAKGLASS_KEY or _FILE, AMQP_URL). An alarm tells of that, and the audit has it.

environment: FAILOVER_URL where failover shows the plan, several separated by commas (or FAILOVER_ADDR)
`

// request is what is asked for on the command line.
type request struct {
	command            string
	provider, instance string
	why                string
	wait               time.Duration
	json               bool
	emergency          bool
}

// forms says how many arguments each command takes, and which are its instance and provider.
var forms = map[string]struct {
	least, most        int
	provider, instance int // their places, 0 for none
}{
	"status": {}, "history": {0, 1, 1, 0},
	plan.CommandMove: {2, 2, 1, 2}, plan.CommandHome: {2, 2, 1, 2}, plan.CommandDrain: {1, 1, 0, 1}, plan.CommandUndrain: {1, 1, 0, 1},
	plan.CommandFallback: {0, 1, 1, 0}, plan.CommandSpread: {}, plan.CommandAutomatic: {}, plan.CommandManual: {},
	plan.CommandBar: {1, 1, 1, 0}, plan.CommandAdmit: {1, 1, 1, 0},
}

// Run does what args ask for and returns the exit code.
func Run(args []string, out, complaints io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	r, err := parse(args, complaints)
	if errors.Is(err, flag.ErrHelp) {
		_, _ = fmt.Fprint(out, about)
		return exitDone
	}
	if err == nil {
		err = do(ctx, r, out)
	}
	if err != nil {
		_, _ = fmt.Fprintf(complaints, "failover: %v\n", err)
	}
	return code(err)
}

// fault is an error with its exit code.
type fault struct {
	code int
	err  error
}

func (f *fault) Error() string { return f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

func faultf(code int, format string, args ...any) error {
	return &fault{code, fmt.Errorf(format, args...)}
}

func code(err error) int {
	var f *fault
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &f):
		return f.code
	}
	return exitFailed
}

// parse allows options before and after the words.
func parse(args []string, complaints io.Writer) (request, error) {
	r := request{}
	flags := flag.NewFlagSet("failover", flag.ContinueOnError)
	flags.SetOutput(complaints)
	flags.Usage = func() {}
	flags.BoolVar(&r.json, "json", false, "")
	flags.StringVar(&r.why, "why", "", "")
	flags.BoolVar(&r.emergency, "break-glass", false, "")
	flags.DurationVar(&r.wait, "wait", time.Minute, "")
	var words []string
	for {
		if err := flags.Parse(args); err != nil {
			return r, asUsage(err)
		}
		if flags.NArg() == 0 {
			break
		}
		words, args = append(words, flags.Arg(0)), flags.Args()[1:]
	}
	if len(words) == 0 {
		return r, faultf(exitUsage, "which command? failover -h says what there is")
	}
	return r.with(words)
}

func asUsage(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return &fault{exitUsage, err}
}

func (r request) with(words []string) (request, error) {
	form, known := forms[words[0]]
	if !known {
		return r, faultf(exitUsage, "there is no command %q: failover -h says what there is", words[0])
	}
	if n := len(words) - 1; n < form.least || n > form.most {
		return r, faultf(exitUsage, "%s has %d arguments: failover -h says what it takes", words[0], n)
	}
	r.command = words[0]
	if form.provider > 0 && form.provider < len(words) {
		r.provider = words[form.provider]
	}
	if form.instance > 0 && form.instance < len(words) {
		r.instance = view.InstanceName(words[form.instance])
	}
	return r, nil
}

func do(ctx context.Context, r request, out io.Writer) error {
	c, err := newClient()
	if err != nil {
		return err
	}
	switch r.command {
	case "status":
		return c.status(ctx, r, out)
	case "history":
		return c.history(ctx, r, out)
	}
	return c.command(ctx, r, out)
}
