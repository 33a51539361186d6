package report

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// group is a set of runs that the summary shows on one line.
type group struct {
	name   string
	faults *regexp.Regexp // matches Row.Faults of the runs that belong to the group
}

// groups are tried in this order. A run belongs to the first group that matches.
var groups = []group{
	{fmt.Sprintf("more than %d faults", mostTold), regexp.MustCompile(`\(\d+ faults\)$`)},
	{"RabbitMQ killed or restarted", regexp.MustCompile(`(^|, )(kill|restart) rabbitmq`)},
	{"PostgreSQL killed or restarted", regexp.MustCompile(`(^|, )(kill|restart) postgres`)},
	{"a gateway killed, restarted or frozen", regexp.MustCompile(`(^|, )(kill|restart|freeze) (fix|socket)-`)},
	{"any other faults", regexp.MustCompile(``)},
}

// Summary returns a Markdown table that says how fast the core recovered, for all runs and for each group.
func Summary(rows []Row) string {
	var b strings.Builder
	b.WriteString("| runs with | runs | without a violation | requests | ready, s | trading, s | silence, s |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	b.WriteString(summarise("all runs", rows))
	members := map[string][]Row{}
	for _, row := range rows {
		i := slices.IndexFunc(groups, func(g group) bool { return g.faults.MatchString(row.Faults) })
		members[groups[i].name] = append(members[groups[i].name], row)
	}
	for _, g := range groups {
		if len(members[g.name]) > 0 {
			b.WriteString(summarise(g.name, members[g.name]))
		}
	}
	return b.String()
}

func summarise(name string, rows []Row) string {
	well, requests := 0, 0
	for _, row := range rows {
		requests += row.Requests
		if row.Verdict == "ok" {
			well++
		}
	}
	return fmt.Sprintf("| %s | %d | %d | %d | %s | %s | %s |\n", name, len(rows), well, requests,
		spread(rows, func(r Row) time.Duration { return r.Ready }), spread(rows, func(r Row) time.Duration { return r.Trading }),
		spread(rows, func(r Row) time.Duration { return r.Silence }))
}

// spread returns the median, the 95th percentile and the maximum, in seconds.
func spread(rows []Row, of func(Row) time.Duration) string {
	if len(rows) == 0 {
		return "-"
	}
	all := make([]time.Duration, len(rows))
	for i, row := range rows {
		all[i] = of(row)
	}
	slices.Sort(all)
	at := func(percent int) string { return tenths(all[(len(all)-1)*percent/100]) }
	return at(50) + ", " + at(95) + ", " + at(100)
}
