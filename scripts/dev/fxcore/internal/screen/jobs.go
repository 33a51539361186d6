package screen

import (
	"fmt"
	"time"

	"fxcore/scripts/dev/fxcore/internal/watch"
)

// settlements returns a line with the bank's day and the legs of trades, and one for each job that runs, waits or has failed; none
// before settlement has begun.
func (s Screen) settlements(r watch.Report) []string {
	if r.BusinessDay == "" {
		return nil
	}
	line := fmt.Sprintf("business day %s   %s legs due, %s executed", s.bold(r.BusinessDay), number(r.Settlements.Due), number(r.Settlements.Executed))
	if r.Settlements.Failed > 0 {
		line += ", " + s.red(number(r.Settlements.Failed)+" failed")
	}
	lines := []string{fmt.Sprintf("%s   %d jobs", line, len(r.Jobs))}
	for _, j := range r.Jobs {
		if text := s.job(j); text != "" {
			lines = append(lines, fmt.Sprintf("%-22s %s", j.Service, text))
		}
	}
	return lines
}

// job returns what is to be told of a job; empty if it has ended well.
func (s Screen) job(j watch.Job) string {
	name := fmt.Sprintf("%s for %s", j.Name, j.Due.UTC().Format("2006-01-02 15:04"))
	switch j.State {
	case "failed":
		return s.red(name + " failed: " + j.Error)
	case "due":
		return name + " is due"
	case "running":
		return name + progress(j)
	}
	return ""
}

func progress(j watch.Job) string {
	text := fmt.Sprintf(": %s done", number(int64(j.Done)))
	if j.Total > 0 {
		text = fmt.Sprintf(": %s of %s", number(int64(j.Done)), number(int64(j.Total)))
	}
	if j.RemainingSeconds > 0 {
		text += fmt.Sprintf(", %.0f/s, %s left", j.PerSecond, time.Duration(j.RemainingSeconds*float64(time.Second)).Round(time.Second))
	}
	if j.WaitsFor != "" {
		text += ", waits for " + j.WaitsFor
	}
	return text
}
