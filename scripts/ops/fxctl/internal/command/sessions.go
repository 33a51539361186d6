package command

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

// sessions shows and moves sessions by HTTPS, as the person who is signed in. "fxctl failover" does the same by messages.
func (t *tool) sessions() *cobra.Command {
	c := t.lister(&cobra.Command{
		Use: "sessions", Short: "Sessions of providers: who serves whom; move them, drain an instance",
		Example: "  fxctl sessions\n  fxctl sessions move ALPHA fix-2 --reason \"fix-1 is slow\"\n  fxctl sessions drain fix-1 --reason update",
	}, list{
		to: onCall, path: "/v1/sessions", items: "items", empty: "No session is known.",
		columns: columns("PROVIDER provider, GATEWAY gateway, STATE state, INSTANCE instance, HOME home, STANDBY standby, EPOCH epoch, SINCE since, NOTE note"),
	})
	c.AddCommand(t.sessionHistory(), t.moveSession(), t.drain(), t.undrain(), t.bar(), t.admit())
	return c
}

func (t *tool) sessionHistory() *cobra.Command {
	return &cobra.Command{Use: "history PROVIDER", Short: "What happened to a session, the newest first", Args: cobra.ExactArgs(1), Example: "  fxctl sessions history ALPHA", RunE: func(c *cobra.Command, args []string) error {
		return t.show(c, list{
			to: onCall, path: "/v1/sessions/" + url.PathEscape(args[0]) + "/history", items: "items", empty: "Nothing has happened to it.",
			columns: columns("AT at, WHAT what, INSTANCE instance, EPOCH epoch, BY by, TEXT text"),
		}, nil)
	}}
}

func (t *tool) moveSession() *cobra.Command {
	return t.withReason(&cobra.Command{Use: "move PROVIDER INSTANCE", Short: "Move a session to another instance", Args: cobra.ExactArgs(2), Example: "  fxctl sessions move ALPHA fix-2 --reason \"fix-1 is slow\""},
		func(args []string, reason string) (method, path string, body any) {
			return http.MethodPost, "/v1/sessions/" + url.PathEscape(args[0]) + "/moves", map[string]any{"to": args[1], "reason": reason}
		})
}

func (t *tool) drain() *cobra.Command {
	return t.withReason(&cobra.Command{Use: "drain INSTANCE", Short: "Take all sessions from an instance, and give it none", Args: cobra.ExactArgs(1), Example: "  fxctl sessions drain fix-1 --reason update"},
		func(args []string, reason string) (method, path string, body any) {
			return http.MethodPost, "/v1/drains", map[string]any{"instance": args[0], "reason": reason}
		})
}

func (t *tool) undrain() *cobra.Command {
	return t.withReason(&cobra.Command{Use: "undrain INSTANCE", Short: "Let an instance hold sessions again", Args: cobra.ExactArgs(1), Example: "  fxctl sessions undrain fix-1 --reason \"it is updated\""},
		func(args []string, reason string) (method, path string, body any) {
			return http.MethodDelete, "/v1/drains/" + url.PathEscape(args[0]) + "?" + url.Values{"reason": {reason}}.Encode(), nil
		})
}

func (t *tool) bar() *cobra.Command {
	return t.withReason(&cobra.Command{Use: "bar PROVIDER", Short: "Cut a provider off at every gateway, until it is admitted again", Args: cobra.ExactArgs(1), Example: "  fxctl sessions bar ALPHA --reason \"its password is out\""},
		func(args []string, reason string) (method, path string, body any) {
			return http.MethodPost, "/v1/sessions/" + url.PathEscape(args[0]) + "/bar", map[string]any{"reason": reason}
		})
}

func (t *tool) admit() *cobra.Command {
	return t.withReason(&cobra.Command{Use: "admit PROVIDER", Short: "Let a provider log on again that was cut off", Args: cobra.ExactArgs(1), Example: "  fxctl sessions admit ALPHA --reason \"it has a new password\""},
		func(args []string, reason string) (method, path string, body any) {
			return http.MethodDelete, "/v1/sessions/" + url.PathEscape(args[0]) + "/bar?" + url.Values{"reason": {reason}}.Encode(), nil
		})
}

// withReason makes a command of a request that needs a reason.
func (t *tool) withReason(c *cobra.Command, request func(args []string, reason string) (method, path string, body any)) *cobra.Command {
	reason := c.Flags().String("reason", "", "why: it is kept")
	_ = c.MarkFlagRequired("reason")
	c.RunE = func(c *cobra.Command, args []string) error {
		method, path, body := request(args, *reason)
		a, err := t.ask(c.Context(), onCall, method, path, body)
		if err != nil {
			return err
		}
		if t.json {
			return writeJSON(c.OutOrStdout(), a.Body)
		}
		var said struct{ Taken bool }
		if err := decode(a.Body, &said); err != nil {
			return err
		}
		text := "the broker has it; failover has not answered yet"
		if said.Taken {
			text = "accepted; fxctl sessions shows when it has happened"
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", c.Name(), text)
		return err
	}
	return c
}
