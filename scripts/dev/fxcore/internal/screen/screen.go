// Package screen draws a report of package watch as text for a terminal.
package screen

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/watch"
)

// Size is the size of the terminal. Zero means no limit.
type Size struct{ Columns, Rows int }

// Screen draws reports, with or without colours.
type Screen struct {
	Colour  bool
	Connect []string // lines that say how to connect, shown unchanged
}

// Draw returns the lines of one screen, cut to size.
func (s Screen) Draw(r watch.Report, now time.Time, size Size) []string {
	lines := append([]string{s.title(r, now), s.figures(r)}, s.settlements(r)...)
	lines = append(lines, "")
	lines = append(lines, s.services(r.Services, now)...)
	lines = append(lines, s.waiting(r)...)
	lines = append(lines, s.providers(r.Providers)...)
	foot := append([]string{""}, s.Connect...)
	lines = append(lines, s.trades(r.LastTrades, room(size, len(lines)+len(foot)))...)
	lines = append(lines, foot...)
	for i := range lines {
		lines[i] = cut(lines[i], size.Columns)
	}
	if size.Rows > 0 && len(lines) > size.Rows {
		lines = lines[:size.Rows]
	}
	return lines
}

func (s Screen) title(r watch.Report, now time.Time) string {
	return fmt.Sprintf("%s  %s for %s   %s", s.bold("FX Core"), r.State, age(now, r.Since), now.UTC().Format("Mon 2006-01-02 15:04:05 UTC"))
}

func (s Screen) figures(r watch.Report) string {
	line := fmt.Sprintf("%s trades registered, %s rejected   %s line checks   %.1f trades/s",
		s.bold(number(r.TradesRegistered)), number(r.TradesRejected), number(r.LineChecks), r.TradesPerSecond)
	if r.P99 > 0 {
		line += fmt.Sprintf("   request to registration p50 %.0f ms, p99 %.0f ms", r.P50, r.P99)
	}
	if r.ErrorQueue > 0 {
		line += "   " + s.red(fmt.Sprintf("%d in the error queue", r.ErrorQueue))
	}
	return line
}

// waiting returns one line with the queues that are not empty, and a line for each problem.
func (s Screen) waiting(r watch.Report) []string {
	var busy []string
	for _, q := range r.Queues {
		if q.Messages > 0 {
			busy = append(busy, fmt.Sprintf("%s %d", q.Name, q.Messages))
		}
	}
	line := fmt.Sprintf("%-22s all %d empty", "queues", len(r.Queues))
	if len(busy) > 0 {
		line = fmt.Sprintf("%-22s %s", "queues", strings.Join(busy, ", "))
	}
	lines := []string{line}
	for _, p := range r.Problems {
		lines = append(lines, s.red("cannot see: "+p))
	}
	return lines
}

// providers returns a line for each instance of a gateway with the connected providers, the number of providers that
// are away, and the providers that no instance serves. The last could not connect.
func (s Screen) providers(all []watch.Provider) []string {
	if len(all) == 0 {
		return nil
	}
	on := map[string][]string{}
	var off int
	var orphans []string
	for _, p := range all {
		switch {
		case p.Connected():
			on[p.Instance] = append(on[p.Instance], p.Name)
		case p.Instance == "":
			orphans = append(orphans, p.Name)
		default:
			off++
		}
	}
	var lines []string
	for _, instance := range slices.Sorted(maps.Keys(on)) {
		lines = append(lines, fmt.Sprintf("%-22s %s", "providers at "+instance, strings.Join(on[instance], " ")))
	}
	if off > 0 {
		lines = append(lines, fmt.Sprintf("%-22s %d", "providers away", off))
	}
	if len(orphans) > 0 {
		lines = append(lines, s.red(fmt.Sprintf("%-22s %s", "served nowhere", strings.Join(orphans, " "))))
	}
	return lines
}

// room returns how many lines are left for trades, at least three.
func room(size Size, used int) int {
	if size.Rows == 0 {
		return 10
	}
	return max(3, size.Rows-used-2)
}
