package command

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
provider was away. It goes by messages and by failover's own page, so it works while the HTTP interfaces are away.`

// failover hands its words to failover's own command, which needs nothing but the broker and failover.
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

// assignments returns the lines NAME=value of a file, without quotes.
func assignments(content string) (all []string) {
	for line := range strings.Lines(content) {
		if name, value, found := strings.Cut(strings.TrimSpace(line), "="); found {
			all = append(all, name+"="+strings.Trim(value, `'"`))
		}
	}
	return all
}
