package alert

import "time"

// programs are what heartbeats tell.
func programs() []Rule {
	return []Rule{
		{
			Name: "program_down", Symptom: true, Severity: Page, Owner: "operations", Measure: "fx_program_ready_instances", By: "program", Reduce: Max,
			Below: true, Threshold: 1, For: soon, Clear: 1, ClearFor: soon, Text: "no instance of %s is ready",
			Advice: Advice{
				Meaning: "Every instance of the program is silent or not ready.", Impact: "What the program does has stopped: see its README.",
				Verify:   "`fxctl status` names the reasons of each instance.",
				Steps:    [3]string{"If all name the same server, bring that server back.", "Read the last lines of the instances' logs.", "If a new version has just been started, start the old one again."},
				Escalate: "the program's developers, after five minutes",
			},
		},
		{
			Name: "program_alone", Severity: Ticket, Owner: "operations", Measure: "fx_program_alone", By: "program", Reduce: Min,
			Threshold: 0, For: soon, Clear: 0, ClearFor: soon, Text: "only one instance of %s is ready",
			Advice: Advice{
				Meaning: "One instance of the program is ready, and no second one could take over. If none is, program_down fires instead.", Impact: "None yet. If the last instance ends, its work stops.",
				Verify:   "`fxctl status`: the program's instances.",
				Steps:    [3]string{"Start the missing instance.", "If it ends again, read its log.", "Wait with updates until two are ready."},
				Escalate: "the program's developers, the same day",
			},
		},
		{
			Name: "instance_silent", Severity: Ticket, Owner: "operations", Measure: "fx_instance_silent_seconds", By: "instance", Reduce: Max,
			Threshold: 15, For: 5 * time.Second, Clear: 10, ClearFor: 0, Text: "no heartbeat of %s for three intervals",
			Advice: Advice{
				Meaning: "The instance was killed, hangs, or cannot reach the broker. One that is stopped in good order says so and does not cause this.", Impact: "The other instances do its work.",
				Verify:   "`fxctl status`; does its health address answer `/live`?",
				Steps:    [3]string{"If the process is gone, start it and read the end of its log.", "If it answers, look at its connection to the broker.", "If it hangs, end it with SIGQUIT: its log then has what each goroutine does. Start it again."},
				Escalate: "the program's developers, if it is silent again within an hour",
			},
		},
		{
			Name: "instance_not_ready", Severity: Ticket, Owner: "operations", Measure: "fx_instance_not_ready", By: "instance", Reduce: Max,
			Threshold: 0, For: steady, Clear: 0, ClearFor: 5 * time.Second, Text: "%s is there and not ready",
			Advice: Advice{
				Meaning: "A check of the instance fails; its heartbeat has the reason.", Impact: "The other instances do its work.",
				Verify:   "`fxctl status`: the reasons of the instance.",
				Steps:    [3]string{"Read the reasons: they name a server or a part.", "If one server is behind several instances, act there.", "Otherwise restart the instance."},
				Escalate: "the program's developers, the same day",
			},
		},
		{
			Name: "instance_restarting", Severity: Page, Owner: "operations", Measure: "fx_instance_starts", By: "instance", Reduce: Max,
			Threshold: 3, For: 0, Clear: 1, ClearFor: calm, Text: "%s starts again and again",
			Advice: Advice{
				Meaning: "The instance has started more than three times in ten minutes.", Impact: "It does no work. All instances may follow if a message or a version is the cause.",
				Verify:   "The end of its log before each start.",
				Steps:    [3]string{"If the version is new, start the old one again.", "If one message is the cause, it is in the error queue after 50 deliveries.", "Stop the instance if it harms the others."},
				Escalate: "the program's developers, at once",
			},
		},
		{
			Name: "version_mixed", Severity: Info, Owner: "operations", Measure: "fx_program_versions", By: "program", Reduce: Max,
			Threshold: 1, For: 15 * time.Minute, Clear: 1, ClearFor: soon, Text: "instances of %s have different versions",
			Advice: Advice{
				Meaning: "A rolling update has been standing still for a quarter of an hour.", Impact: "None, as versions understand each other. New behaviour depends on the instance.",
				Verify:   "`fxctl status`: the versions.",
				Steps:    [3]string{"Ask who updates, and why it stands still.", "Finish the update, or take it back.", "See docs/rolling-update.md for the order."},
				Escalate: "who updates",
			},
		},
		{
			Name: "lease_flapping", Severity: Ticket, Owner: "operations", Measure: "fx_lease_moves", By: "lease", Reduce: Max,
			Threshold: 5, For: 0, Clear: 2, ClearFor: calm, Text: "lease %s changes its holder again and again",
			Advice: Advice{
				Meaning: "The lease has had more than five new holders in ten minutes.", Impact: "The provider's session is cut each time.",
				Verify:   "`fxctl failover history`.",
				Steps:    [3]string{"See whether an instance gets no processor time.", "See whether Postgres answers slowly.", "Drain the instance that loses the lease."},
				Escalate: "the gateway's developers",
			},
		},
		{
			Name: "instance_late", Severity: Ticket, Owner: "operations", Measure: "fx_lease_length_seconds", By: "instance", Reduce: Max,
			Threshold: 2.3, For: 5 * time.Second, Clear: 1.5, ClearFor: soon, Text: "%s runs late: its leases last longer",
			Advice: Advice{
				Meaning: "The gateway's instance is woken or answered so late that it could not keep leases of the usual length.", Impact: "Sessions hold. A takeover from it takes as long as its leases: up to 15 s.",
				Verify:   "`fxctl failover status`: how long the instances' leases last. `/status` of the instance: its warning `pace`.",
				Steps:    [3]string{"See what uses the machine's processors, and end or move what does not belong there.", "See whether Postgres answers slowly.", "Drain the instance if only its machine is slow."},
				Escalate: "who runs the machine",
			},
		},
		{
			Name: "memory_high", Severity: Ticket, Owner: "operations", Measure: "fx_process_resident_bytes", By: "instance", Reduce: Max,
			Threshold: 1 << 30, For: steady, Clear: 900 << 20, ClearFor: steady, Text: "%s uses more than 1 GiB of memory",
			Advice: Advice{
				Meaning: "The process is four times as large as its soft limit.", Impact: "The system may end it.",
				Verify:   "Its memory over time, on the page or by `ps`.",
				Steps:    [3]string{"Restart the instance with `PROFILES=true`.", "If it grows again, keep `/debug/pprof/heap` of its health address.", "Send the profile to its developers."},
				Escalate: "the program's developers, the same day",
			},
		},
	}
}
