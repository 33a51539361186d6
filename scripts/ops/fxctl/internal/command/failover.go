package command

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"fxcore/scripts/ops/fxctl/internal/core"
)

const failoverAbout = `Sessions of providers: which instance serves which, moves, drains, history.

  fxctl failover status                  instances, providers, where they are and where they belong
  fxctl failover history [PROVIDER]      what happened, the newest first
  fxctl failover move PROVIDER INSTANCE  to that instance; it stays there until the instance is away or drains
  fxctl failover drain INSTANCE          gives away all that it holds; before an update
  fxctl failover undrain INSTANCE        may hold sessions again
  fxctl failover home PROVIDER INSTANCE  that instance is its home from now on
  fxctl failover fallback [PROVIDER]     home, all or this one
  fxctl failover spread                  homes are made even over the instances that are there
  fxctl failover automatic | manual      whether sessions fall back by themselves
  fxctl failover bar PROVIDER -why TEXT  cuts it off within seconds at every gateway, and does not admit it until
  fxctl failover admit PROVIDER -why TEXT

Options: --json, -why TEXT (it is kept), -wait DURATION. move, drain and fallback wait until it has happened and say how long each
provider was away. Commands go by failover's interface, and auth checks who gives them.

In an emergency, while that interface or auth is away: --break-glass. It needs the key for emergencies, which only root can read where the core
runs, and the broker. The audit has the command, and an alarm tells of it.`

// failover hands its words to failover's own command, with the token of whoever calls.
func (t *tool) failover() *cobra.Command {
	return &cobra.Command{
		Use: "failover COMMAND", Short: "Which instance serves which provider; move, drain, history", Long: failoverAbout, DisableFlagParsing: true,
		Example:   "  fxctl failover status\n  fxctl failover drain fix/1 -why update",
		ValidArgs: []string{"status", "history", "move", "drain", "undrain", "home", "fallback", "spread", "automatic", "manual", "bar", "admit"},
		RunE: func(c *cobra.Command, args []string) error {
			words, help := t.words(args)
			if help {
				return c.Help()
			}
			return t.callFailover(c, words)
		},
	}
}

// words takes out what is fxctl's own.
func (t *tool) words(args []string) (words []string, help bool) {
	for i := 0; i < len(args); i++ {
		switch arg := args[i]; {
		case arg == "--json", arg == "-json":
			t.json = true
		case arg == "--break-glass", arg == "-break-glass":
			t.emergency = true
		case arg == "--core" && i+1 < len(args):
			i++
			t.folder = args[i]
		case strings.HasPrefix(arg, "--core="):
			t.folder = strings.TrimPrefix(arg, "--core=")
		case arg == "-h", arg == "--help":
			help = true
		default:
			words = append(words, arg)
		}
	}
	return words, help || len(words) == 0
}

func (t *tool) callFailover(c *cobra.Command, words []string) error {
	p, err := core.Find(t.folder)
	env := os.Environ()
	program := "failover"
	if err == nil && p.Folder != "" {
		program = filepath.Join(p.Folder, "bin", "failover")
		known, err := os.ReadFile(filepath.Join(p.Folder, "env", "failover"))
		if err != nil {
			return fmt.Errorf("%w: no failover was started here: %w", core.ErrUnreachable, err)
		}
		env = append(env, assignments(string(known))...)
	}
	if !looks(words) {
		if env, err = t.proving(c.Context(), p, env); err != nil {
			return err
		}
	}
	if t.emergency {
		words = append([]string{"-break-glass"}, words...)
	}
	if t.json {
		words = append([]string{"-json"}, words...)
	}
	called := exec.CommandContext(c.Context(), program, words...) //nolint:gosec // our own program
	called.Env, called.Stdin, called.Stdout, called.Stderr = env, t.in, c.OutOrStdout(), c.ErrOrStderr()
	var exit *exec.ExitError
	switch err := called.Run(); {
	case errors.As(err, &exit):
		return &ended{exit.ExitCode()}
	case err != nil:
		return fmt.Errorf("%w: %w", core.ErrUnreachable, err)
	}
	return nil
}

// looks reports whether the words command nothing.
func looks(words []string) bool {
	return slices.Contains(words, "status") || slices.Contains(words, "history")
}

// proving adds to an environment by what a command is proven: the caller's token, or in an emergency the key.
func (t *tool) proving(ctx context.Context, p core.Place, env []string) ([]string, error) {
	if t.emergency {
		known, err := os.ReadFile(filepath.Join(p.Folder, "env", "breakglass"))
		if err != nil {
			return nil, fmt.Errorf("%w: the key for emergencies: %w", core.ErrUnreachable, err)
		}
		return append(env, assignments(string(known))...), nil
	}
	client, _, err := t.client()
	if err != nil {
		return nil, err
	}
	if _, err := client.Ask(ctx, p.Operations, http.MethodGet, "/v1/sessions", nil); err != nil { // signs in if it has to
		return nil, err
	}
	return append(env, "FAILOVER_DESK="+p.Operations, "FAILOVER_DESK_CA="+p.CA, "FAILOVER_DESK_TOKEN="+client.Token()), nil
}

// assignments returns the lines NAME=value of a file, without quotes.
func assignments(content string) (all []string) {
	for line := range strings.Lines(content) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found {
			all = append(all, name+"="+strings.Trim(value, `'"`))
		}
	}
	return all
}
