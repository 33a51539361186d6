package command

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"fxcore/lambda/log"
	"fxcore/scripts/ops/fxctl/internal/core"
)

func (t *tool) errors() *cobra.Command {
	return group("errors", "Messages that failed: list, show, replay, discard", `A message that no retry can help is kept until a person decides about it.

  1. fxctl errors groups                     what failed, and why, the most frequent first
  2. fxctl errors list --group KEY           the messages of a group
  3. fxctl errors show ID                    the content (secrets are masked) and what happened to it
  4. remove the cause
  5. fxctl errors replay --group KEY --dry-run --reason mended     what would be done
     fxctl errors replay --group KEY --reason mended               puts them back into the queue in which they failed

A replay has the message's own id: what was handled before is not handled again. Everything is audited.`,
		t.errorGroups(), t.errorList(), t.errorShow(), t.errorResolve("replay"), t.errorResolve("discard"))
}

func (t *tool) errorGroups() *cobra.Command {
	var f filters
	c := &cobra.Command{Use: "groups", Short: "What failed, by queue, reason and type", Args: cobra.NoArgs, Example: "  fxctl errors groups\n  fxctl errors groups --state discarded"}
	f.add(c, "state", "open (default), replayed or discarded")
	c.RunE = func(c *cobra.Command, _ []string) error {
		return t.show(c, list{
			to: onCall, path: "/v1/errors/groups", items: "items", empty: "Nothing has failed.",
			columns: columns("COUNT count, QUEUE queue, TYPE type, REASON reason, LAST last_at, KEY key"),
		}, f.query())
	}
	return c
}

func (t *tool) errorList() *cobra.Command {
	var f filters
	c := &cobra.Command{Use: "list", Short: "Messages that failed, the latest first", Args: cobra.NoArgs, Example: "  fxctl errors list --state open --queue trading --limit 500"}
	for name, about := range map[string]string{
		"state": "open, replaying, replayed or discarded", "group": "key of a group", "queue": "in which they failed", "type": "trade.requested.v1",
		"about": "a message id, a trade or a trace", "limit": "entries on a page, at most 500", "cursor": "where the page begins",
	} {
		f.add(c, name, about)
	}
	c.RunE = func(c *cobra.Command, _ []string) error {
		return t.show(c, list{
			to: onCall, path: "/v1/errors", items: "items", empty: "No such message.",
			columns: columns("FAILED failed_at, STATE state, QUEUE queue, TYPE type, REASON text, ID id"),
		}, f.query())
	}
	return c
}

// entry is what fxctl shows of one message.
type entry struct {
	ID, Queue, Type, State, Text, Body, Source, Correlation string
	Version, Attempts, Failures                             int
	BodyBase64                                              string `json:"body_base64"`
	TraceID                                                 string `json:"trace_id"`
	History                                                 []struct{ At, By, What, Note string }
}

func (t *tool) errorShow() *cobra.Command {
	return &cobra.Command{Use: "show ID", Short: "One message, with its content and its history", Args: cobra.ExactArgs(1), Example: "  fxctl errors show 5a2f…", RunE: func(c *cobra.Command, args []string) error {
		var e entry
		written, err := t.get(c.Context(), c.OutOrStdout(), onCall, "/v1/errors/"+url.PathEscape(args[0]), &e)
		if err != nil || written {
			return err
		}
		e.write(c.OutOrStdout())
		return nil
	}}
}

const longestBody = 1 << 20 // bytes of a message that are shown

func (e entry) write(out io.Writer) {
	_, _ = fmt.Fprintf(out, "%s   %s, version %d\n%s in queue %s, %d attempts, %d failures, last by %s\nreason:      %s\ncorrelation: %s\ntrace:       %s\n\n",
		printable(e.ID), e.State, e.Version, printable(e.Type), printable(e.Queue), e.Attempts, e.Failures, printable(e.Source), printable(e.Text), printable(e.Correlation), printable(e.TraceID))
	for _, step := range e.History {
		_, _ = fmt.Fprintf(out, "%s  %-13s %-14s %s\n", text(step.At), printable(step.What), printable(step.By), printable(step.Note))
	}
	_, _ = fmt.Fprintf(out, "\n%s%s\n", log.Printable(e.Body, longestBody), e.BodyBase64)
}

// order is what the flags of a resolution say.
type order struct {
	reason, group, edited string
	dryRun                bool
}

func (t *tool) errorResolve(word string) *cobra.Command {
	var o order
	short := map[string]string{"replay": "Put messages back into the queue in which they failed", "discard": "Give messages up"}
	c := &cobra.Command{
		Use: word + " [ID...]", Short: short[word],
		Example: fmt.Sprintf("  fxctl errors %[1]s 5a2f… --reason \"the calendar is mended\"\n  fxctl errors %[1]s --group KEY --dry-run --reason test", word),
		Args: func(_ *cobra.Command, args []string) error {
			if (len(args) == 0) == (o.group == "") {
				return errors.New("name messages, or a group")
			}
			return nil
		},
	}
	c.Flags().StringVar(&o.reason, "reason", "", "why: it is kept, and the core is told")
	c.Flags().StringVar(&o.group, "group", "", "all open messages of a group")
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "only say what would be done")
	_ = c.MarkFlagRequired("reason")
	if word == "replay" {
		c.Flags().StringVar(&o.edited, "body-file", "", "the whole event, edited, for one message (- is standard input)")
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		if len(args) == 1 && !o.dryRun {
			return t.resolveOne(c, word, args[0], o)
		}
		if o.edited != "" {
			return usage{errors.New("--body-file is for one message, and not for a dry run")}
		}
		return t.resolveAll(c, word, args, o)
	}
	return c
}

func (t *tool) resolveOne(c *cobra.Command, word, id string, o order) error {
	path := "/v1/errors/" + url.PathEscape(id)
	seen, err := t.ask(c.Context(), onCall, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	body := map[string]any{"reason": o.reason}
	if o.edited != "" {
		edited, err := t.read(o.edited)
		if err != nil {
			return err
		}
		body["body"] = string(edited)
	}
	a, err := t.ask(c.Context(), onCall, http.MethodPost, path+"/"+word+"s", body, "If-Match", seen.ETag)
	if err != nil {
		return err
	}
	if t.json {
		return writeJSON(c.OutOrStdout(), a.Body)
	}
	var e entry
	if err := decode(a.Body, &e); err != nil {
		return err
	}
	if e.State == "open" { // the message was in its queue, and came back before the answer
		return fmt.Errorf("%s has failed again: %s", e.ID, printable(e.Text))
	}
	_, err = fmt.Fprintf(c.OutOrStdout(), "%s: %s\n", e.ID, e.State)
	return err
}

func (t *tool) read(file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(t.in)
	}
	return os.ReadFile(file) //nolint:gosec // the caller's own file
}

func (t *tool) resolveAll(c *cobra.Command, word string, ids []string, o order) error {
	body := map[string]any{"reason": o.reason, "dry_run": o.dryRun}
	if o.group != "" {
		body["group"] = o.group
	} else {
		body["ids"] = ids
	}
	a, err := t.ask(c.Context(), onCall, http.MethodPost, "/v1/errors/"+word+"s", body)
	if err != nil {
		return err
	}
	if t.json {
		return writeJSON(c.OutOrStdout(), a.Body)
	}
	return told(c.OutOrStdout(), a, o.dryRun)
}

func told(out io.Writer, a core.Answer, dry bool) error {
	var n struct {
		Matched, Replayed, Discarded int
		WouldReplay                  int `json:"would_replay"`
		WouldDiscard                 int `json:"would_discard"`
		SkippedInAll                 int `json:"skipped_in_all"`
		Skipped                      []struct{ ID, Why string }
	}
	if err := json.Unmarshal(a.Body, &n); err != nil {
		return fmt.Errorf("read the core's answer: %w", err)
	}
	if dry {
		_, _ = fmt.Fprintf(out, "%d messages match: %d would be replayed, %d discarded, %d skipped. Nothing was done.\n", n.Matched, n.WouldReplay, n.WouldDiscard, n.SkippedInAll)
	} else {
		_, _ = fmt.Fprintf(out, "%d messages match: %d replayed, %d discarded, %d skipped\n", n.Matched, n.Replayed, n.Discarded, n.SkippedInAll)
	}
	for _, s := range n.Skipped {
		_, _ = fmt.Fprintf(out, "  %s: %s\n", s.ID, s.Why)
	}
	return nil
}
