package steps

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"fxcore/services/linecheck/internal/store"
)

// over selects the nodes whose usage exceeds their line, and the clients above their settlement limit on a day. A group bears
// up to 30 less of each of its two clients, as much as their collateral covers. Each part of a reservation may add a cent.
const over = `
select node || ' carries ' || reserved + consumed from node_usage
where reserved + consumed > case split_part(node, '/', 1) when 'client' then 100 when 'group' then 160 else 160 end + 0.5
union all
select node || ' is to receive ' || used || ' on ' || value_date from settlement_usage where node like 'client/%' and used > 905`

// mustHold fails the test if a stored line is exceeded or the replicas have deadlocked.
func (r *race) mustHold() {
	r.t.Helper()
	if found := r.findOver(); found != "" {
		r.t.Fatal(found)
	}
	if strings.Contains(r.log.String(), "deadlock") {
		r.t.Fatalf("replicas waited for each other in a circle:\n%s", r.log)
	}
	r.log.Reset()
}

func (r *race) findOver() string {
	var found string
	rows, err := r.pool.Query(context.Background(), over)
	if err != nil {
		return err.Error()
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(&found); err != nil {
			return err.Error()
		}
	}
	return found
}

// watch checks the lines continuously, also while replicas work. The function that it returns stops it and returns the
// first violation.
func (r *race) watch() func() string {
	stop, seen := make(chan struct{}), make(chan string, 1)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				seen <- ""
				return
			case <-tick.C:
			}
			if found := r.findOver(); found != "" {
				seen <- found
				return
			}
		}
	}()
	return func() string { close(stop); return <-seen }
}

func (r *race) mustBalance() {
	r.t.Helper()
	found, err := store.Recompute(context.Background(), r.pool)
	if err != nil || len(found) > 0 {
		text, _ := json.Marshal(found)
		r.t.Fatalf("stored usage is not what reservations add up to: %v\n%s", err, text)
	}
}
