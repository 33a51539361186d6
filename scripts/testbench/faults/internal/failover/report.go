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
	Killed  Parts     `json:"killed"`
	Moved   Parts     `json:"moved"`
	session []string
}

// Parts are the medians of the steps of a failover, and of the raw act that was done before each in the same run. Times are in
// milliseconds.
type Parts struct {
	Raw      float64 `json:"raw_ms"`
	RawLease float64 `json:"raw_lease_ms"`
	RawLogon float64 `json:"raw_logon_ms"`
	RawTrade float64 `json:"raw_trade_ms"`
	Lease    float64 `json:"lease_ms"`
	Begin    float64 `json:"begin_ms"`
	Logon    float64 `json:"logon_ms"`
	Trade    float64 `json:"trade_ms"`
	Ratio    float64 `json:"ratio"` // of the time to the raw act; for a kill without the wait for the lease
}

func parts(all []Away, without func(Away) time.Duration) Parts {
	of := func(part func(Away) time.Duration) float64 {
		var each []time.Duration
		for _, a := range all {
			each = append(each, part(a))
		}
		return median(each)
	}
	p := Parts{
		Raw:      of(func(a Away) time.Duration { return a.Raw.Total() }),
		RawLease: of(func(a Away) time.Duration { return a.Raw.Lease }),
		RawLogon: of(func(a Away) time.Duration { return a.Raw.Logon }),
		RawTrade: of(func(a Away) time.Duration { return a.Raw.Trade }),
		Lease:    of(func(a Away) time.Duration { return a.Steps.Lease }),
		Begin:    of(func(a Away) time.Duration { return a.Steps.Begin }),
		Logon:    of(func(a Away) time.Duration { return a.Steps.Logon }),
		Trade:    of(func(a Away) time.Duration { return a.Steps.Trade }),
	}
	if p.Raw > 0 {
		p.Ratio = of(func(a Away) time.Duration { return a.Took - without(a) }) / p.Raw
	}
	return p
}

func times(all []Away) (took []time.Duration) {
	for _, a := range all {
		took = append(took, a.Took)
	}
	return took
}

func (g *gateway) result() Gateway {
	kills, moves := times(g.kills), times(g.moves)
	r := Gateway{Runs: len(moves), Kills: milliseconds(kills), Moves: milliseconds(moves)}
	r.KillP50, r.KillMax = median(kills), most(kills)
	r.MoveP50, r.MoveMax = median(moves), most(moves)
	r.Killed = parts(g.kills, func(a Away) time.Duration { return a.Steps.Lease })
	r.Moved = parts(g.moves, func(Away) time.Duration { return 0 })
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
	r.printParts(out)
	for _, v := range r.Violations {
		_, _ = fmt.Fprintln(out, v)
	}
}

// printParts prints the steps, and beside them the raw act.
func (r *Report) printParts(out io.Writer) {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintf(t, "\np50 ms\tlease\tbegin\tlogon\ttrade\traw: lease row\tlogon\ttrade\tall\tratio\t\n")
	for _, kind := range []string{"fix", "socket"} {
		g, measured := r.Gateways[kind]
		if !measured {
			continue
		}
		for _, one := range []struct {
			name string
			Parts
		}{{kind + " moved", g.Moved}, {kind + " killed", g.Killed}} {
			_, _ = fmt.Fprintf(t, "%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t%.0f\t%.0f\t%.0f\t%.1f\t\n",
				one.name, one.Lease, one.Begin, one.Logon, one.Trade, one.RawLease, one.RawLogon, one.RawTrade, one.Raw, one.Ratio)
		}
	}
	_ = t.Flush()
	_, _ = fmt.Fprintln(out, "ratio: of the time to the raw act, for a kill without the wait for the lease")
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
