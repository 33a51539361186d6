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
			Verify:   "The reasons of the messages, grouped.",
			Steps:    [3]string{"Read the reason: it names what to correct.", "Correct it, and replay one message.", "Replay the rest, or discard with a reason."},
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
			Verify:   "`make status`: the job's error.",
			Steps:    [3]string{"Read the error.", "Correct its cause.", "Start the job by hand: its program's README says how."},
			Escalate: "the owner of the job, before the end of the business day",
		}),
		waits("job_stalled", "fx_job_stalled", "job", "nobody does the next part of job %s", Advice{
			Meaning: "The message for the job's next part was published again and again.", Impact: "The job stands still.",
			Verify:   "The job's queue: depth and consumers.",
			Steps:    [3]string{"See whether the program is ready.", "Look for the part's message in the error queue.", "Replay it."},
			Escalate: "the owner of the job",
		}),
		{
			Name: "messages_failing", Severity: Ticket, Owner: "operations", Measure: "fx_queue_failures_per_minute", By: "queue", Reduce: Sum,
			Threshold: 60, For: 5 * time.Second, Clear: 10, ClearFor: steady, Text: "messages of %s fail and are tried again",
			Advice: Advice{
				Meaning: "More than one message a second fails in the queue's handler.", Impact: "They are late, and end in the error queue after their last try.",
				Verify:   "The log of the program: the errors.",
				Steps:    [3]string{"If all have the same reason, act there.", "If it began with an update, take the update back.", "Watch the error queue."},
				Escalate: "the program's developers",
			},
		},
		{
			Name: "instance_warns", Severity: Info, Owner: "operations", Measure: "fx_instance_warnings", By: "instance", Reduce: Max,
			Threshold: 0, For: 5 * time.Minute, Clear: 0, ClearFor: soon, Text: "%s has been working without something",
			Advice: Advice{
				Meaning: "A check fails without which the instance can work for a while.", Impact: "None yet.",
				Verify:   "`GET /v1/health`: its warnings.",
				Steps:    [3]string{"Read the warning.", "Find the server that it names.", "Bring it back in working hours."},
				Escalate: "nobody, unless it becomes a symptom",
			},
		},
		{
			Name: "tracing_late", Severity: Ticket, Owner: "operations", Measure: "fx_tracing_lag_seconds", Reduce: Max,
			Threshold: 60, For: soon, Clear: 10, ClearFor: steady, Text: "the journal lags behind",
			Advice: Advice{
				Meaning: "Tracing has not written messages that are a minute old.", Impact: "Trading is unharmed. The newest trades cannot be looked up yet.",
				Verify:   "Is its store up? Does the lag fall?",
				Steps:    [3]string{"Bring the store back.", "Wait: tracing catches up from where it stood.", "Compare the lag with the stream's retention."},
				Escalate: "the platform team, when the lag reaches half of the retention",
			},
		},
		{
			Name: "store_away", Severity: Ticket, Owner: "platform", Measure: "fx_store_up", By: "store", Reduce: Max,
			Below: true, Threshold: 1, For: 5 * time.Second, Clear: 1, ClearFor: soon, Text: "%s does not answer",
			Advice: Advice{
				Meaning: "Cassandra or Elasticsearch does not answer the service that writes to it.", Impact: "Trading is unharmed. Traces or logs come later.",
				Verify:   "`make status`: tracing and logging.",
				Steps:    [3]string{"See whether the server runs, and read its log.", "See whether its disk is full.", "Start it."},
				Escalate: "the platform team, the same day",
			},
		},
	}
}
