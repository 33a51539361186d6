package screen

import (
	"fmt"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/watch"
)

// services returns one line for each service. A replica that is not ready has a further line with the reason, and a
// ready one has a line for each warning.
func (s Screen) services(all []watch.Service, now time.Time) []string {
	var lines []string
	for i := 0; i < len(all); {
		replicas := all[i : i+sameName(all[i:])]
		i += len(replicas)
		var states []string
		var reasons []string
		for _, one := range replicas {
			states = append(states, s.state(one, now))
			if one.Reason != "" {
				reasons = append(reasons, s.red(fmt.Sprintf("%24s %s", one.Replica, one.Reason)))
			}
			for _, w := range one.Warnings {
				reasons = append(reasons, s.yellow(fmt.Sprintf("%24s goes on without %s", one.Replica, w)))
			}
		}
		lines = append(lines, fmt.Sprintf("%-22s %s", replicas[0].Name, strings.Join(states, "   ")))
		lines = append(lines, reasons...)
	}
	return lines
}

func sameName(all []watch.Service) int {
	n := 0
	for n < len(all) && all[n].Name == all[0].Name {
		n++
	}
	return n
}

func (s Screen) state(one watch.Service, now time.Time) string {
	text := fmt.Sprintf("%s %s", one.State, age(now, one.Since))
	if one.Replica != "" {
		text = one.Replica + " " + text
	}
	if one.Restarts > 0 {
		text += fmt.Sprintf(" (restarted %d×)", one.Restarts)
	}
	if one.State == "ready" {
		return s.green(text)
	}
	return s.red(text)
}

// trades returns lines with the last trades, the newest first, at most n.
func (s Screen) trades(all []watch.Trade, n int) []string {
	if len(all) == 0 {
		return nil
	}
	lines := []string{"", s.bold("last trades, and when each service received them, in ms after the request")}
	for _, t := range all[:min(n, len(all))] {
		line := fmt.Sprintf("%s %-9s %-48s %s", t.At.UTC().Format("15:04:05.000"), t.Provider, t.Text, t.Status)
		for _, step := range t.Way {
			line += fmt.Sprintf("  %s %d", step.Name, step.After.Milliseconds())
		}
		lines = append(lines, line)
	}
	return lines
}

func age(now, since time.Time) string {
	switch d := now.Sub(since); {
	case since.IsZero():
		return "?"
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	default:
		return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
	}
}

// number separates thousands by commas.
func number(n int64) string {
	digits := fmt.Sprint(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
