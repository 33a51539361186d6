package alert

import "time"

// warnings are causes and matters that wait for a person.
func warnings() []Rule {
	waits := func(name, measure, by, text string, advice Advice) Rule {
		return Rule{
			Name: name, Severity: Ticket, Owner: "operations", Measure: measure, By: by, Reduce: Max,
			Threshold: 0, For: 5 * time.Second, Clear: 0, ClearFor: soon, Text: text, Advice: advice,
		}
	}
	return []Rule{
		waits("error_queue", "fx_errors_waiting", "", "messages wait in the error queue", Advice{
			Meaning: "A program could not handle a message, and no retry helps.", Impact: "What the message is about has stopped.",
			Verify:   "`fxctl errors groups`: the reasons, with the number of messages.",
			Steps:    [3]string{"Read the reason: `fxctl errors show ID`. It names what to correct.", "Correct it, and replay one message: `fxctl errors replay ID --reason …`.", "Replay the rest, or discard with a reason: `fxctl errors discard ID --reason …`."},
			Escalate: "the owner of the queue in which they failed",
		}),
		waits("unroutable", "fx_unroutable_waiting", "", "messages came for which there is no queue", Advice{
			Meaning: "A program published a type that nobody's queue is bound to.", Impact: "A step is missing: often its program has never been started here.",
			Verify:   "The routing keys in the queue fx.unroutable.",
			Steps:    [3]string{"Find the reader in docs/messages.md.", "Start it once, so that it declares its queue.", "Move the messages to that queue."},
			Escalate: "the reader's developers",
		}),
		waits("job_failed", "fx_job_failed", "job", "job %s has failed", Advice{
			Meaning: "The run of the job ended with an error.", Impact: "What it does for the day is not done.",
			Verify:   "`fxctl jobs`: the job's error.",
			Steps:    [3]string{"Read the error.", "Correct its cause.", "Start the job by hand: `fxctl jobs start JOB`."},
			Escalate: "the owner of the job, before the end of the business day",
		}),
		waits("job_stalled", "fx_job_stalled", "job", "nobody does the next part of job %s", Advice{
			Meaning: "The message for the job's next part was published again and again.", Impact: "The job stands still.",
			Verify:   "The job's queue: depth and consumers.",
			Steps:    [3]string{"See whether the program is ready: `fxctl status`.", "Look for the part's message in the error queue: `fxctl errors list`.", "Replay it: `fxctl errors replay ID --reason …`."},
			Escalate: "the owner of the job",
		}),
		{
			Name: "messages_failing", Severity: Ticket, Owner: "operations", Measure: "fx_queue_failures_per_minute", By: "queue", Reduce: Sum,
			Threshold: 60, For: 5 * time.Second, Clear: 10, ClearFor: steady, Text: "messages of %s fail and are tried again",
			Advice: Advice{
				Meaning: "More than one message a second fails in the queue's handler.", Impact: "They are late, and end in the error queue after their last try.",
				Verify:   "`fxctl logs`: the errors of the program.",
				Steps:    [3]string{"If all have the same reason, act there.", "If it began with an update, take the update back.", "Watch the error queue."},
				Escalate: "the program's developers",
			},
		},
		{
			Name: "instance_warns", Severity: Info, Owner: "operations", Measure: "fx_instance_warnings", By: "instance", Reduce: Max,
			Threshold: 0, For: 5 * time.Minute, Clear: 0, ClearFor: soon, Text: "%s has been working without something",
			Advice: Advice{
				Meaning: "A check fails without which the instance can work for a while.", Impact: "None yet.",
				Verify:   "`fxctl status`: its warnings.",
				Steps:    [3]string{"Read the warning.", "Find the server that it names.", "Bring it back in working hours."},
				Escalate: "nobody, unless it becomes a symptom",
			},
		},
		{
			Name: "tracing_late", Severity: Ticket, Owner: "operations", Measure: "fx_tracing_lag_seconds", Reduce: Max,
			Threshold: 15, For: 0, Clear: 5, ClearFor: steady, Text: "the journal lags behind",
			Advice: Advice{
				Meaning: "Tracing has not written messages that are a quarter of a minute old.", Impact: "Trading is unharmed. The newest trades cannot be looked up yet.",
				Verify:   "Is its store up? Does the lag fall?",
				Steps:    [3]string{"Bring the store back.", "Wait: tracing catches up from where it stood.", "Compare the lag with the stream's retention."},
				Escalate: "the platform team, when the lag reaches half of the retention",
			},
		},
		{
			Name: "logs_late", Severity: Ticket, Owner: "operations", Measure: "fx_logs_backlog_seconds", Reduce: Min,
			Threshold: 10, For: 5 * time.Second, Clear: 0, ClearFor: steady, Text: "log lines wait for logging",
			Advice: Advice{
				Meaning: "The queue fx.logs has had more than 50 posts of log lines, or some and no reader, at every look for so long.", Impact: "The newest lines cannot be found yet. When the queue is full, its oldest lines go.",
				Verify:   "`fxctl status`: is logging ready, and does its store answer?",
				Steps:    [3]string{"Bring the store back, if store_away fires too.", "If logging is ready and slow, add a replica: `make scale SERVICE=logging N=3`.", "Until then read the lines where they are written: `make logs`."},
				Escalate: "the platform team, the same day",
			},
		},
		{
			Name: "logs_dropped", Severity: Ticket, Owner: "operations", Measure: "fx_logs_dropped_per_minute", By: "instance", Reduce: Max,
			Threshold: 0, For: 0, Clear: 0, ClearFor: calm, Text: "%s drops log lines before it sends them",
			Advice: Advice{
				Meaning: "The instance logs faster than the broker takes its lines, or the broker has been away for long.", Impact: "Logging never gets these lines. Standard output of the instance has them.",
				Verify:   "`fxctl logs` finds the line that says how many were dropped.",
				Steps:    [3]string{"See whether the broker is away or slow.", "If one instance logs very much, read why, and act there.", "For the lost lines read the instance's standard output: `make logs`."},
				Escalate: "the program's developers, the same day",
			},
		},
		{
			Name: "audit_broken", Severity: Page, Owner: "security", Measure: "fx_audit_broken", Reduce: Max,
			Threshold: 0, For: 0, Clear: 0, ClearFor: calm, Text: "the audit is not what was written",
			Advice: Advice{
				Meaning: "The verifier has walked the audit's chain and found a record that was changed, removed or added.", Impact: "Somebody has written to tracing's database past the program, or the database lost data. What the audit says is in doubt.",
				Verify:   "`fxctl audit verify`: the first such record. `tracing -verify` walks the chain now.",
				Steps:    [3]string{"Do not repair it: take a copy of the schema tracing.", "Compare with the last line `the audit is sound` in the log: it has number and hash of an earlier end.", "Find out who had the database's owner's password since then."},
				Escalate: "security, at once",
			},
		},
		{
			Name: "audit_dropped", Severity: Ticket, Owner: "security", Measure: "fx_audit_dropped_total", By: "instance", Reduce: Max,
			Threshold: 0, For: 0, Clear: 0, ClearFor: calm, Text: "%s could not keep notes for the audit",
			Advice: Advice{
				Meaning: "The broker took nothing for so long that the instance had more notes than it holds.", Impact: "The audit lacks them. It says how many, once the broker is back.",
				Verify:   "`fxctl audit --what audit.dropped`.",
				Steps:    [3]string{"Bring the broker back.", "Read what the instance logged in that time: `make logs`.", "Restart the instance when it is understood: that clears the count."},
				Escalate: "security, the same day",
			},
		},
		{
			Name: "break_glass", Severity: Page, Owner: "security", Measure: "fx_audit_emergencies", Reduce: Max,
			Threshold: 0, For: 0, Clear: 0, ClearFor: soon, Text: "somebody has commanded by the key for emergencies",
			Advice: Advice{
				Meaning: "A command was given at a shell, by the key that counts while nobody can check tokens. The alert lasts for an hour after it.", Impact: "None by itself: the command was obeyed.",
				Verify:   "`fxctl audit --about …`, or the newest entries: the source says `by the key for emergencies`, WHO is the person at the shell.",
				Steps:    [3]string{"Ask that person whether it was so, and why `fxctl` did not do.", "If it was not: replace the key (docs/when-something-is-away.md says how), and find out who was root there.", "Bring back what was away, most often auth."},
				Escalate: "security, at once if nobody says that it was them",
			},
		},
		{
			Name: "store_away", Severity: Ticket, Owner: "platform", Measure: "fx_store_up", By: "store", Reduce: Max,
			Below: true, Threshold: 1, For: 5 * time.Second, Clear: 1, ClearFor: soon, Text: "%s does not answer",
			Advice: Advice{
				Meaning: "Cassandra, Elasticsearch or Icinga does not answer the service that writes to it.", Impact: "Trading is unharmed. Traces and logs come later; Icinga shows no news.",
				Verify:   "`fxctl status`: tracing, logging and monitoring.",
				Steps:    [3]string{"See whether the server runs, and read its log.", "See whether its disk is full.", "Start it."},
				Escalate: "the platform team, the same day",
			},
		},
	}
}
