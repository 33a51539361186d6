package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"fxcore/lambda/log"
	"fxcore/scripts/ops/fxctl/internal/core"
)

// Exit codes.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4
	exitNoRight     = 5
)

// requiredFlag begins the library's error about a flag that is missing. The library has no type for it.
const requiredFlag = "required flag"

const about = `fxctl is the command line of on-call: it shows what the core does, and does what operations may do.

Begin with "fxctl status". What is wrong is in "fxctl alerts", what failed in "fxctl errors groups".
Every command takes --json, for programs. Without it a table is shown.

In a demo that make has started, fxctl finds the core by itself and signs in as its person of operations.
Elsewhere set FXCTL_API, FXCTL_OPERATIONS, FXCTL_CA and FXCTL_TOKEN (or FXCTL_TOKEN_FILE).

Exit codes: 0 done, 1 failed, 2 not understood, 3 refused by the core, 4 the core cannot be reached, 5 no right, no valid token, or a user whom nobody knows.`

// Run does what args ask for, and returns the exit code.
func Run(ctx context.Context, args []string, in io.Reader, out, complaints io.Writer) int {
	root := tree(in)
	root.SetArgs(args)
	root.SetOut(out)
	root.SetErr(complaints)
	called, err := root.ExecuteContextC(ctx)
	if err != nil && strings.HasPrefix(err.Error(), requiredFlag) {
		err = usage{fmt.Errorf("%w (%s -h tells how)", err, called.CommandPath())}
	}
	if err != nil && !errors.As(err, new(*ended)) {
		_, _ = fmt.Fprintln(complaints, "fxctl:", still(err.Error()))
	}
	return code(err)
}

// ended is the exit code of a program that fxctl has called, which has said itself what is wrong.
type ended struct{ code int }

func (e *ended) Error() string { return fmt.Sprint("exit code ", e.code) }

// usage marks an error as one of whoever calls.
type usage struct{ error }

func code(err error) int {
	var refused *core.Refused
	var other *ended
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &other):
		return other.code
	case errors.Is(err, core.ErrNotSignedIn):
		return exitNoRight
	case errors.Is(err, core.ErrUnreachable):
		return exitUnreachable
	case errors.As(err, &refused) && (refused.Status == http.StatusUnauthorized || refused.Status == http.StatusForbidden):
		return exitNoRight
	case errors.As(err, &refused), errors.As(err, new(refusedJob)):
		return exitRefused
	case errors.As(err, new(usage)):
		return exitUsage
	}
	return exitFailed
}

// tool is what all commands share.
type tool struct {
	in     io.Reader
	folder string
	json   bool

	emergency bool // by the key for emergencies
}

func tree(in io.Reader) *cobra.Command {
	t := &tool{in: in}
	root := &cobra.Command{
		Use: "fxctl", Short: "The command line of on-call", Long: about, SilenceUsage: true, SilenceErrors: true, Args: cobra.NoArgs,
		Version: log.Version(),
		RunE:    func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.PersistentFlags().StringVar(&t.folder, "core", "", "folder of a core that make has started (default: .run here or above)")
	root.PersistentFlags().BoolVar(&t.json, "json", false, "write JSON, as the core does")
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage{err} })
	root.AddCommand(t.status(), t.signin(), t.queues(), t.sessions(), t.failover(), t.jobs(), t.errors(), t.trace(), t.logs(), t.audit(), t.trades(), t.settlements(), t.lines(), t.alerts())
	asUsage(root)
	return root
}

// asUsage marks what is wrong with the words of a command.
func asUsage(c *cobra.Command) {
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return usage{fmt.Errorf("%w (%s -h tells how)", err, c.CommandPath())}
			}
			return nil
		}
	}
	for _, child := range c.Commands() {
		asUsage(child)
	}
}

// group returns a command that only has commands below it.
func group(use, short, long string, children ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: long, Args: cobra.NoArgs, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }}
	c.AddCommand(children...)
	return c
}

// client reaches the core.
func (t *tool) client() (*core.Client, core.Place, error) {
	p, err := core.Find(t.folder)
	if err != nil {
		return nil, p, fmt.Errorf("%w: %w", core.ErrUnreachable, err)
	}
	c, err := core.Open(p)
	return c, p, err
}

// side is one of the two interfaces.
type side func(core.Place) string

func bank(p core.Place) string   { return cmp.Or(p.API, p.Operations) } // the front of on-call has what it needs of the API
func onCall(p core.Place) string { return p.Operations }

// ask sends one request.
func (t *tool) ask(ctx context.Context, to side, method, path string, body any, headers ...string) (core.Answer, error) {
	c, p, err := t.client()
	if err != nil {
		return core.Answer{}, err
	}
	return c.Ask(ctx, to(p), method, path, body, headers...)
}
