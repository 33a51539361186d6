package alert

import "time"

// servers are what monitoring sees of servers itself.
func servers() []Rule {
	up := func(name, server, impact string, severity Severity) Rule {
		return Rule{
			Name: name, Severity: severity, Owner: "platform", Measure: "fx_" + server + "_up", Reduce: Max,
			Below: true, Threshold: 1, For: 5 * time.Second, Clear: 1, ClearFor: soon, Text: server + " does not answer any replica of monitoring",
			Advice: Advice{
				Meaning: "Monitoring's own connection to the server fails. Others may still have theirs.", Impact: impact,
				Verify:   "`fxctl status`: do other programs name the same server?",
				Steps:    [3]string{"See whether the server's process runs, and read its log.", "See whether its disk is full.", "Start it. The programs go on by themselves."},
				Escalate: "the platform team, after five minutes",
			},
		}
	}
	return []Rule{
		up("postgres_down", "postgres", "Nothing is decided: requests wait in queues. Alerts are judged from memory meanwhile.", Page),
		up("rabbitmq_down", "rabbitmq", "Nothing moves. No heartbeats arrive either.", Page),
		up("redis_down", "redis", "Programs go on with the data that they hold; one that starts now waits.", Ticket),
		{
			Name: "postgres_slow", Severity: Ticket, Owner: "platform", Measure: "fx_postgres_answer_seconds", Reduce: Min,
			Threshold: 0.5, For: soon, Clear: 0.1, ClearFor: steady, Text: "Postgres takes long for a simple question",
			Advice: Advice{
				Meaning: "`select 1` takes more than half a second.", Impact: "Each step of a trade takes longer; leases may be lost.",
				Verify:   "`select * from pg_stat_activity where state <> 'idle'`.",
				Steps:    [3]string{"Look for a long transaction, and end it.", "Look at the disk and at vacuum.", "Hold back reports and jobs."},
				Escalate: "the database administrators",
			},
		},
		{
			Name: "postgres_connections", Severity: Ticket, Owner: "platform", Measure: "fx_postgres_connections_ratio", Reduce: Max,
			Threshold: 0.85, For: soon, Clear: 0.75, ClearFor: steady, Text: "Postgres has few connections left",
			Advice: Advice{
				Meaning: "More than 85 of 100 possible connections are in use.", Impact: "An instance that starts gets none.",
				Verify:   "`select usename, count(*) from pg_stat_activity group by 1 order by 2 desc`.",
				Steps:    [3]string{"See which program holds them.", "Take back the last scaling.", "Raise max_connections in a maintenance window."},
				Escalate: "the database administrators",
			},
		},
		{
			Name: "disk_full", Severity: Page, Owner: "platform", Measure: "fx_disk_used_ratio", Reduce: Max,
			Threshold: 0.92, For: soon, Clear: 0.88, ClearFor: steady, Text: "the disk is nearly full",
			Advice: Advice{
				Meaning: "More than 92 % of the disk of monitoring's machine are used.", Impact: "The broker stops taking messages; then Postgres stops.",
				Verify:   "`df -h`; the page lists the largest folders under Services.",
				Steps:    [3]string{"Delete old logs and dumps.", "See whether a queue or a journal grows, and why.", "Make the disk larger."},
				Escalate: "the platform team, at once above 97 %",
			},
		},
	}
}
