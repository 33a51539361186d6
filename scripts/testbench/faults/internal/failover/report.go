package failover

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// Report is the content of failover.json.
type Report struct {
	At         time.Time          `json:"at"`
	Gateways   map[string]Gateway `json:"gateways"`
	Violations []string           `json:"violations"` // of the oracle's rules, at the end
}

// Gateway holds the results of one kind of gateway. Times are as the provider saw them: from the kill, or from the
// end of the moved session, until the core granted a request that the provider had made after that.
type Gateway struct {
	Runs    int       `json:"runs"` // of kills, and as many moves
	KillP50 float64   `json:"kill_p50_ms"`
	KillMax float64   `json:"kill_max_ms"`
	MoveP50 float64   `json:"move_p50_ms"`
	MoveMax float64   `json:"move_max_ms"`
	Sent    int       `json:"sent"`    // requests
	Lost    int       `json:"lost"`    // requests without a final answer
	Doubled int       `json:"doubled"` // requests with more final answers than the provider sent them
	Kills   []float64 `json:"kills_ms"`
	Moves   []float64 `json:"moves_ms"`
	session []string
}

func (g *gateway) result() Gateway {
	r := Gateway{Runs: len(g.moves), Kills: milliseconds(g.kills), Moves: milliseconds(g.moves)}
	r.KillP50, r.KillMax = median(g.kills), most(g.kills)
	r.MoveP50, r.MoveMax = median(g.moves), most(g.moves)
	for _, u := range g.users {
		r.session = append(r.session, u.provider)
	}
	return r
}

// count sets the numbers of lost and doubled requests, from the providers' own records.
func (r *Report) count(e oracle.Evidence) {
	type request struct{ session, reference string }
	sent, answered := map[request]int{}, map[request]int{}
	for _, s := range e.Sent {
		sent[request{s.Session, s.Reference}]++
	}
	for _, a := range e.Received {
		if a.State == oracle.Accepted || a.State == oracle.Rejected || a.State == oracle.Refused {
			answered[request{a.Session, a.Reference}]++
		}
	}
	for kind, g := range r.Gateways {
		for key, n := range sent {
			if !slices.Contains(g.session, key.session) {
				continue
			}
			g.Sent++
			switch {
			case answered[key] == 0:
				g.Lost++
			case answered[key] > n:
				g.Doubled++
			}
		}
		r.Gateways[kind] = g
	}
}

// Print prints the report for people.
func (r *Report) Print(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(t, "gateway\truns\tkilled, p50 ms\tmax\tmoved, p50 ms\tmax\trequests\tlost\tdoubled\t\n")
	for _, kind := range []string{"fix", "socket"} {
		if g, measured := r.Gateways[kind]; measured {
			_, _ = fmt.Fprintf(t, "%s\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%d\t%d\t\n",
				kind, g.Runs, g.KillP50, g.KillMax, g.MoveP50, g.MoveMax, g.Sent, g.Lost, g.Doubled)
		}
	}
	_ = t.Flush()
	for _, v := range r.Violations {
		_, _ = fmt.Fprintln(out, v)
	}
}

// Well reports whether nothing was lost or doubled and no rule was broken.
func (r *Report) Well() bool {
	for _, g := range r.Gateways {
		if g.Lost > 0 || g.Doubled > 0 {
			return false
		}
	}
	return len(r.Violations) == 0
}

func milliseconds(all []time.Duration) []float64 {
	ms := make([]float64, len(all))
	for i, d := range all {
		ms[i] = float64(d.Round(100*time.Microsecond)) / float64(time.Millisecond)
	}
	return ms
}

func median(all []time.Duration) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(milliseconds(all)))
	if n := len(sorted); n%2 == 0 {
		return (sorted[n/2-1] + sorted[n/2]) / 2
	}
	return sorted[len(sorted)/2]
}

func most(all []time.Duration) float64 {
	if len(all) == 0 {
		return 0
	}
	return slices.Max(milliseconds(all))
}
