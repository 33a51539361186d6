package command

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"unicode"

	"github.com/spf13/cobra"

	"fxcore/scripts/ops/fxctl/internal/core"
)

func (t *tool) trace() *cobra.Command {
	search := t.lister(&cobra.Command{Use: "search", Short: "Find the ways of trades, the newest first", Example: "  fxctl trace search --client C000900 --longer 250ms"}, list{
		to: onCall, path: "/v1/traces", items: "traces", empty: "No such trace.",
		columns: columns("STARTED started_at, US duration_us, OUTCOME outcome, FAILED failed, PROVIDER provider, CLIENT client, REFERENCE reference, BEGAN_WITH entry, PASSED services, ID story, TRACE trace_id"),
	}, "trade", "its id", "reference", "a provider's", "client", "its id", "service", "that it passed", "outcome", "how it ended: registered, rejected …", "longer", "than: 250ms",
		"from", "RFC 3339", "to", "RFC 3339", "limit", "rows")
	show := &cobra.Command{
		Use: "trace ID", Short: "The way of a trade through the core, message by message", Long: "ID is a trade, a line check, or a provider's reference. Each line is a message: when its program took up what led to it, in microseconds after the\n" +
			"first one, how long it worked, and which message led to it. The content of messages is in --json, for whoever has the right original.view.",
		Args: cobra.ExactArgs(1), Example: "  fxctl trace 5133afa8-807a-843a-9967-3d1758ebd768\n  fxctl trace ALPHA-20261130160854-45",
	}
	show.RunE = func(c *cobra.Command, args []string) error {
		l := list{
			to: onCall, path: "/v1/traces/" + url.PathEscape(args[0]), items: "spans", empty: "The trace has no messages.",
			columns: columns("AFTER_US at_us, US duration_us, SERVICE service, INSTANCE instance, MESSAGE name, ORIGIN origin, FAILED failed, CODE code, TEXT text, ID message_id, CAUSED_BY causation_id"),
		}
		err := t.show(c, l, nil)
		var refused *core.Refused
		if !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
			return err
		}
		story, found := t.storyOf(c, args[0])
		if !found {
			return err
		}
		l.path = "/v1/traces/" + url.PathEscape(story)
		return t.show(c, l, nil)
	}
	show.AddCommand(search)
	return show
}

// storyOf returns the newest story of a provider's reference.
func (t *tool) storyOf(c *cobra.Command, reference string) (story string, found bool) {
	a, err := t.ask(c.Context(), onCall, http.MethodGet, "/v1/traces?"+url.Values{"reference": {reference}, "limit": {"1"}}.Encode(), nil)
	var list struct{ Traces []struct{ Story string } }
	if err != nil || decode(a.Body, &list) != nil || len(list.Traces) == 0 {
		return "", false
	}
	return list.Traces[0].Story, true
}

func (t *tool) original() *cobra.Command {
	return &cobra.Command{Use: "original ID", Short: "The provider's own messages about a trade, as they were received", Args: cobra.ExactArgs(1), Example: "  fxctl trades original 5133afa8-807a-843a-9967-3d1758ebd768", RunE: func(c *cobra.Command, args []string) error {
		var a struct {
			Originals []struct {
				Protocol, Session string
				Sequence          int64
				ReceivedAt        string `json:"received_at"`
				Bytes             string
			}
		}
		written, err := t.get(c.Context(), c.OutOrStdout(), bank, "/v1/trades/"+url.PathEscape(args[0])+"/original", &a)
		if err != nil || written {
			return err
		}
		if len(a.Originals) == 0 {
			_, err := fmt.Fprintln(c.OutOrStdout(), "It did not come from a provider, or is older than what is kept.")
			return err
		}
		for _, o := range a.Originals {
			bytes, err := base64.StdEncoding.DecodeString(o.Bytes)
			if err != nil {
				return fmt.Errorf("read the core's answer: %w", err)
			}
			_, _ = fmt.Fprintf(c.OutOrStdout(), "%s  %s  number %d  %s\n%s\n", text(o.ReceivedAt), printable(o.Protocol), o.Sequence, printable(o.Session), wire(bytes))
		}
		return nil
	}}
}

// wire returns a message with a bar for SOH, on one line, without what would move a terminal's cursor.
func wire(message []byte) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == 1:
			return '|'
		case r != ' ' && !unicode.IsPrint(r):
			return '·'
		}
		return r
	}, string(message))
}
