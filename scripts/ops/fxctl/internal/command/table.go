package command

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"
	"unicode/utf16"

	"github.com/spf13/cobra"
)

// column is a column of a table: its title, and where its value lies in an item, with full stops between names.
type column struct{ title, field string }

// columns makes columns of "TITLE field, TITLE field".
func columns(text string) (all []column) {
	for part := range strings.SplitSeq(text, ",") {
		title, field, _ := strings.Cut(strings.TrimSpace(part), " ")
		all = append(all, column{strings.ReplaceAll(title, "_", " "), field})
	}
	return all
}

// list is a resource that is shown as a table.
type list struct {
	to      side
	path    string
	items   string // the name of the list in the answer
	columns []column
	empty   string // what to say if there is nothing
}

// show asks for a list and writes it.
func (t *tool) show(c *cobra.Command, l list, q url.Values) error {
	path := l.path
	if len(q) > 0 {
		path += "?" + q.Encode()
	}
	a, err := t.ask(c.Context(), l.to, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if t.json {
		return writeJSON(c.OutOrStdout(), a.Body)
	}
	return l.write(c.OutOrStdout(), a.Body)
}

func (l list) write(out io.Writer, body []byte) error {
	var whole map[string]any
	if err := decode(body, &whole); err != nil {
		return err
	}
	rows, _ := whole[l.items].([]any)
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, l.empty)
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	var titles []string
	for _, c := range l.columns {
		titles = append(titles, c.title)
	}
	_, _ = fmt.Fprintln(table, strings.Join(titles, "\t"))
	for _, row := range rows {
		var cells []string
		for _, c := range l.columns {
			cells = append(cells, text(at(row, c.field)))
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if next, _ := whole["next"].(string); next != "" {
		_, _ = fmt.Fprintf(out, "\nThere are more: --cursor %s\n", next)
	}
	return nil
}

func decode(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("read the core's answer: %w", err)
	}
	return nil
}

// at returns the value at a place; nil if there is none.
func at(v any, field string) any {
	for name := range strings.SplitSeq(field, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[name]
	}
	return v
}

// text returns a value as a table shows it, on one line. What comes from outside cannot move the cursor of a terminal.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		if when, err := time.Parse(time.RFC3339Nano, v); err == nil {
			return when.UTC().Format("2006-01-02 15:04:05")
		}
		return printable(v)
	case json.Number:
		return figure(v)
	case []any:
		var parts []string
		for _, one := range v {
			parts = append(parts, text(one))
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		if said, ok := v["text"]; ok {
			return text(said)
		}
		b, _ := json.Marshal(v)
		return printable(string(b))
	}
	return fmt.Sprint(v)
}

// figure returns a number with at most one digit after the point. Amounts are texts, and stay exact.
func figure(n json.Number) string {
	if whole := n.String(); !strings.ContainsAny(whole, ".eE") {
		return whole
	}
	value, err := n.Float64()
	if err != nil {
		return n.String()
	}
	return strings.TrimSuffix(strconv.FormatFloat(value, 'f', 1, 64), ".0")
}

// longestCell bounds a cell, in characters.
const longestCell = 90

func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r != ' ' && !unicode.IsPrint(r) { // characters of control, and those that turn the direction of what follows
			return ' '
		}
		return r
	}, s)
	if runes := []rune(s); len(runes) > longestCell {
		return string(runes[:longestCell-1]) + "…"
	}
	return s
}

// still returns a text of several lines without what would move a terminal's cursor otherwise: a dot stands for it.
func still(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 {
			return '·'
		}
		return r
	}, s)
}

func writeJSON(out io.Writer, body []byte) error {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return fmt.Errorf("read the core's answer: %w", err)
	}
	_, err := fmt.Fprintln(out, escaped(b.String()))
	return err
}

// escaped returns JSON of the same meaning in which every character that is not printable is written as \u and four digits: a terminal
// would follow it.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			for _, unit := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, `\u%04x`, unit)
			}
		}
	}
	return b.String()
}

// get asks for one thing and decodes it. With --json it writes the answer, and says so.
func (t *tool) get(ctx context.Context, out io.Writer, to side, path string, into any) (written bool, err error) {
	a, err := t.ask(ctx, to, http.MethodGet, path, nil)
	if err != nil {
		return false, err
	}
	if t.json {
		return true, writeJSON(out, a.Body)
	}
	return false, decode(a.Body, into)
}

// filters are the parameters of a list that the command line names as the interface does. A flag that is not given is left out.
type filters struct{ values map[string]*string }

func (f *filters) add(c *cobra.Command, name, about string) {
	if f.values == nil {
		f.values = map[string]*string{}
	}
	f.values[name] = c.Flags().String(strings.ReplaceAll(name, "_", "-"), "", about)
}

func (f *filters) query() url.Values {
	q := url.Values{}
	for name, value := range f.values {
		if *value != "" {
			q.Set(name, *value)
		}
	}
	return q
}
