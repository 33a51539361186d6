package command

import (
	"fmt"
	"net/http"
	"net/url"

	"github.com/spf13/cobra"
)

// lister returns a command that shows a list, with filters: name, description, name, description …
func (t *tool) lister(c *cobra.Command, l list, named ...string) *cobra.Command {
	var f filters
	for i := 0; i+1 < len(named); i += 2 {
		f.add(c, named[i], named[i+1])
	}
	c.Args = cobra.NoArgs
	c.RunE = func(c *cobra.Command, _ []string) error { return t.show(c, l, f.query()) }
	return c
}

func (t *tool) status() *cobra.Command {
	return t.lister(&cobra.Command{Use: "status", Short: "Every instance of every program: is it well, and why not", Example: "  fxctl status"}, list{
		to: onCall, path: "/v1/health", items: "instances", empty: "No instance has reported.",
		columns: columns("INSTANCE instance, PROGRAM program, STATE state, SINCE since, LAST_SEEN last_seen, REASONS reasons, WARNINGS warnings, VERSION version"),
	})
}

func (t *tool) queues() *cobra.Command {
	return t.lister(&cobra.Command{Use: "queues", Short: "Queues at the broker: what waits, who consumes, how fast", Example: "  fxctl queues"}, list{
		to: onCall, path: "/v1/queues", items: "items", empty: "No queue is known yet.",
		columns: columns("QUEUE name, STATE state, WAITING ready, CONSUMERS consumers, HANDLED/S handled_per_second, FAILED/S failed_per_second, BACKLOG_S backlog_seconds"),
	})
}

func (t *tool) alerts() *cobra.Command {
	var f filters
	c := &cobra.Command{Use: "alerts", Short: "What is wrong now, and what was", Args: cobra.NoArgs, Example: "  fxctl alerts\n  fxctl alerts --state cleared\n  fxctl alerts ack KEY --note \"I am on it\""}
	f.add(c, "state", "firing or cleared")
	c.RunE = func(c *cobra.Command, _ []string) error {
		q := f.query()
		l := list{
			to: onCall, path: "/v1/alerts", items: "items", empty: "Nothing is wrong.",
			columns: columns("SEVERITY severity, STATE state, SINCE since, SUBJECT subject, WHAT text, RUNBOOK runbook, KEY key"),
		}
		if q.Get("state") == "cleared" {
			l.empty = "No alert has cleared in the last 30 days. What is wrong now: fxctl alerts"
		}
		return t.show(c, l, q)
	}
	var note string
	acknowledge := &cobra.Command{Use: "ack KEY", Short: "Say that you are on it", Args: cobra.ExactArgs(1), Example: "  fxctl alerts ack disk_full:core --note \"I delete old dumps\"", RunE: func(c *cobra.Command, args []string) error {
		_, err := t.ask(c.Context(), onCall, http.MethodPost, "/v1/alerts/"+url.PathEscape(args[0])+"/acknowledgements", map[string]any{"note": note})
		if err != nil || t.json { // the answer has no content
			return err
		}
		_, err = fmt.Fprintf(c.OutOrStdout(), "%s: your note is kept\n", args[0])
		return err
	}}
	acknowledge.Flags().StringVar(&note, "note", "", "what you do")
	_ = acknowledge.MarkFlagRequired("note")
	c.AddCommand(acknowledge)
	return c
}

func (t *tool) logs() *cobra.Command {
	return t.lister(&cobra.Command{Use: "logs", Short: "Lines of all programs' logs", Example: "  fxctl logs --program auth --level error --from 2026-11-30T10:00:00Z"}, list{
		to: onCall, path: "/v1/logs", items: "items", empty: "No such line.",
		columns: columns("AT at, LEVEL level, INSTANCE instance, MESSAGE message, TRACE trace_id"),
	}, "trace", "of a trace", "correlation", "of a trade", "program", "auth, trading …", "instance", "auth-1", "level", "error, warn, info", "q", "words", "from", "RFC 3339", "to", "RFC 3339", "limit", "lines", "cursor", "where the page begins")
}

func (t *tool) trades() *cobra.Command {
	c := t.lister(&cobra.Command{Use: "trades", Short: "Trades, those that changed last first", Example: "  fxctl trades --state rejected --client C000900\n  fxctl trades show ID"}, list{
		to: bank, path: "/v1/trades", items: "trades", empty: "No such trade.",
		columns: columns("ID id, STATE state, DATE trade_date, CLIENT client, DESK desk, PRODUCT product, PAIR pair, PROVIDER provider, REFERENCE reference"),
	}, "state", "pending, rejected, registered, booked, refused, executed", "client", "its id", "desk", "its id", "pair", "EUR/USD", "product", "spot, forward, swap",
		"provider", "its id", "from", "trade date", "to", "trade date", "limit", "rows", "cursor", "where the page begins")
	c.AddCommand(&cobra.Command{Use: "show ID", Short: "A trade with its history, as JSON", Args: cobra.ExactArgs(1), Example: "  fxctl trades show 5133afa8-807a-843a-9967-3d1758ebd768", RunE: func(c *cobra.Command, args []string) error {
		a, err := t.ask(c.Context(), bank, http.MethodGet, "/v1/trades/"+url.PathEscape(args[0]), nil)
		if err != nil {
			return err
		}
		return writeJSON(c.OutOrStdout(), a.Body)
	}}, t.original())
	return c
}

func (t *tool) lines() *cobra.Command {
	return t.lister(&cobra.Command{Use: "lines", Short: "Lines of clients, dealers, desks and groups, and what they carry", Example: "  fxctl lines --min-used 0.9"}, list{
		to: bank, path: "/v1/lines", items: "lines", empty: "No such line.",
		columns: columns("LINE node, LIMIT limit, USED used, HEADROOM headroom, RESERVED reserved, COLLATERAL collateral"),
	}, "client", "the lines that its deals use", "desk", "the lines that its deals use", "min_used", "lines of which at least this part is used: 0.9", "limit", "rows", "cursor", "where the page begins")
}
