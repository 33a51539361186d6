package oncall

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"text/tabwriter"
	"time"

	"fxcore/lambda/log"
	"fxcore/services/failover/internal/view"
)

func (c *client) status(ctx context.Context, r request, out io.Writer) error {
	var s view.Status
	if err := c.get(ctx, "/status", &s); err != nil {
		return err
	}
	if r.json {
		return asJSON(out, s)
	}
	mode := "automatic"
	if !s.Automatic {
		mode = "manual"
	}
	_, _ = fmt.Fprintf(out, "fall-back is %s\n\n", mode)
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "INSTANCE\tSTATE\tSINCE\tHOLDS\tLOGGED ON\tHOMES\tLEASES")
	for _, i := range s.Instances {
		state, since := condition(i)
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%d\t%s\n", i.Name, state, clock(since), i.Sessions, i.LoggedOn, i.Homes, leases(i))
	}
	_, _ = fmt.Fprintln(table, "\nPROVIDER\tAT\tHOME\tLOGGED ON\tSINCE\tLAST MOVE")
	for _, p := range s.Providers {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Provider, place(p), p.Home, yes(p.LoggedOn), clock(p.Since), lastMove(p.Move))
	}
	return table.Flush()
}

func condition(i view.Instance) (text string, since time.Time) {
	switch {
	case !i.Alive:
		return "DEAD", i.ReportedAt
	case !i.Ready:
		return "not ready: " + i.Reason, i.ReportedAt
	case i.Draining:
		return "drains", i.ReadySince
	}
	return "ready", i.ReadySince
}

func place(p view.Provider) string {
	text := nobody(p.Instance)
	if p.Stay != "" && p.Stay == p.Instance {
		text += " (by command)"
	}
	if !p.Kept.IsZero() {
		text += " (kept until " + clock(p.Kept) + ")"
	}
	return text
}

// leases says how long an instance's leases last: longer than usual if it runs late.
func leases(i view.Instance) string {
	if i.LeaseMS == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f s", float64(i.LeaseMS)/1000)
}

func lastMove(m *view.Move) string {
	if m == nil {
		return ""
	}
	return clock(m.RequestedAt) + " " + m.Reason + ": " + outcome(m)
}

func (c *client) history(ctx context.Context, r request, out io.Writer) error {
	var entries []view.Entry
	if err := c.get(ctx, "/history?provider="+url.QueryEscape(r.provider), &entries); err != nil {
		return err
	}
	if r.json {
		return asJSON(out, entries)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "AT (UTC)\tPROVIDER\tINSTANCE\tWHAT\tEPOCH\tTEXT")
	for _, e := range entries {
		epoch := ""
		if e.Epoch > 0 {
			epoch = fmt.Sprint(e.Epoch)
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\n",
			e.At.Format("2006-01-02 15:04:05.000"), e.Provider, e.Instance, e.What, epoch, log.Printable(e.Text, longestText))
	}
	return table.Flush()
}

const longestText = 500 // bytes of what a person has written

func asJSON(out io.Writer, body any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(body)
}

func clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.TimeOnly)
}

func yes(so bool) string {
	if so {
		return "yes"
	}
	return "no"
}
