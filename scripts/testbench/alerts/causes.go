package main

import "time"

// cause is something that goes wrong, and the alerts that must tell it.
type cause struct {
	name  string
	keys  []string // of the alerts; one that ends with * stands for the first that begins so
	needs string   // a process without which it cannot be made; empty: none
	make  maker
	lasts bool          // the alert counts what happened within ten minutes: that it clears is looked for at the end
	waits time.Duration // of a rule that waits longer on purpose: how long it waits
}

// causes returns the causes in groups. Those of one group are made at the same time: none of them hides or makes the alert of another.
func causes() [][]cause {
	return [][]cause{{
		{name: "a replica dies again and again (four kill -9 of datasync-2)", keys: []string{"instance_restarting:datasync-2"}, needs: "datasync-2", make: killOften("datasync-2", 4), lasts: true},
		{name: "a lease changes its holder again and again (six moves)", keys: []string{"lease_flapping:fix/SANDBOX44"}, needs: "fix-2", make: flap, lasts: true},
		{name: "a replica is wedged (SIGSTOP auth-2)", keys: []string{"instance_silent:auth-2", "program_alone:auth"}, needs: "auth-2", make: freeze("auth-2")},
		{name: "a poison message in a queue", keys: []string{"error_queue:core"}, make: poison},
		{name: "a message that nobody's queue is bound to", keys: []string{"unroutable:core"}, make: unroutable},
		{name: "Icinga hangs (SIGSTOP)", keys: []string{"store_away:icinga"}, needs: "icinga", make: freeze("icinga")},
		{name: "an instance holds more than 1 GiB of memory", keys: []string{"memory_high:datasync-9"}, make: standIn("9", "memory")},
		{name: "an instance logs faster than its lines are sent", keys: []string{"logs_dropped:datasync-8"}, make: standIn("8", "lines")},
		{name: "the disk is nearly full", keys: []string{"disk_full:core"}, make: fillDisk},
	}, {
		{name: "no replica of a program stays up (both of responsibility)", keys: []string{"program_down:responsibility", "queue_unserved:responsibility"}, needs: "responsibility-2", make: holdDown("responsibility-1", "responsibility-2")},
		{name: "no replica of logging stays up", keys: []string{"program_down:logging", "logs_late:core"}, needs: "logging-2", make: holdDown("logging-1", "logging-2")},
		{name: "Cassandra hangs (SIGSTOP)", keys: []string{"store_away:cassandra", "tracing_late:core"}, needs: "cassandra", make: freeze("cassandra")},
	}, {
		{name: "the mainframe is away, and the job that waits for it is stopped", keys: []string{"rates_stale:core", "job_failed:reconcile_with_the_mainframe"}, make: stopWaiting("reconcile with the mainframe")},
		{name: "Elasticsearch hangs (SIGSTOP)", keys: []string{"store_away:elasticsearch"}, needs: "elasticsearch", make: freeze("elasticsearch")},
	}, {
		{name: "the mainframe is slow (an answer takes 15 s)", keys: []string{"bookings_late:core"}, make: mainframe("slow?latency=15s&for=10m")},
		{name: "Redis hangs (SIGSTOP)", keys: []string{"redis_down:core"}, needs: "redis", make: freeze("redis")},
	}, {
		{name: "a program has lost a right in its database", keys: []string{"messages_failing:responsibility"}, make: revoke("responsibility", "assignment")},
		{name: "a job has lost a right in its database", keys: []string{"job_stalled:report_the_day"}, make: stallJob("report the day", "settlement", "day_report"), waits: time.Minute},
		{name: "somebody holds nearly all connections of Postgres", keys: []string{"postgres_connections:core"}, make: connections},
	}, {
		{name: "a transaction that does not end locks a table, under 60 requests a second", keys: []string{"queue_late:responsibility"}, make: under(60, lockTable("responsibility", "assignment"))},
	}, {
		{name: "a provider floods (6,000 requests in flight)", keys: []string{"provider_flooding:BENCH1"}, make: flood(6000)},
	}, {
		{name: "the mainframe is away, under 60 requests a second", keys: []string{"bookings_waiting:core"}, make: under(60, mainframe("away?how=refuse&for=10m"))},
	}, {
		{name: "the mainframe is slow while legs fall due (the bank's days are run ahead)", keys: []string{"movements_late:core", "movements_waiting:core"}, make: slowDays},
	}, {
		{name: "Postgres stands still for most of each 2 s", keys: []string{"postgres_slow:core"}, needs: "postgres", make: falter("postgres")},
	}, {
		{name: "a gateway's instance stands still for most of each 2 s", keys: []string{"instance_late:fix-1"}, needs: "fix-1", make: falter("fix-1")},
	}, {
		{name: "Postgres hangs (SIGSTOP)", keys: []string{"postgres_down:core", "session_unserved:ALPHA", "instance_not_ready:trading-*"}, needs: "postgres", make: freeze("postgres")},
	}, {
		{name: "RabbitMQ hangs (SIGSTOP)", keys: []string{"rabbitmq_down:core"}, needs: "rabbitmq", make: freeze("rabbitmq")},
	}, {
		{name: "an update stands still for a quarter of an hour (one instance of another version)", keys: []string{"version_mixed:auth"}, make: anotherVersion("auth", "7"), waits: 15 * time.Minute},
		{name: "Icinga hangs for five minutes (SIGSTOP)", keys: []string{"instance_warns:monitoring-*"}, needs: "icinga", make: freeze("icinga"), waits: 5 * time.Minute},
	}}
}
