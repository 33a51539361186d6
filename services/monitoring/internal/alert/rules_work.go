package alert

import "time"

// The bounds of time that most rules share. A cause is shown within half a minute: a heartbeat takes 5 s, a look 5 s.
const (
	soon   = 10 * time.Second
	steady = 20 * time.Second
	calm   = 30 * time.Second
)

// Rules returns all rules, symptoms first. docs/runbook.md, the rules of Prometheus and the services of Icinga follow from them.
func Rules() []Rule {
	var all []Rule
	for _, part := range [][]Rule{symptoms(), programs(), servers(), warnings()} {
		all = append(all, part...)
	}
	return all
}

// symptoms are what providers, clients or the bank's people notice.
func symptoms() []Rule {
	return []Rule{
		{
			Name: "session_unserved", Symptom: true, Severity: Page, Owner: "operations", Measure: "fx_session_active", By: "provider", Reduce: Max,
			Below: true, Threshold: 1, For: soon, Clear: 1, ClearFor: soon, Text: "no gateway instance serves provider %s",
			Advice: Advice{
				Meaning: "No instance of the gateway holds the provider's session.", Impact: "The provider cannot log on, so it cannot trade.",
				Verify:   "`fxctl sessions` shows the provider without an instance.",
				Steps:    [3]string{"See whether the gateway's instances are ready.", "If Postgres does not answer, bring it back: the leases lie there.", "Move the session by hand: `fxctl failover move`."},
				Escalate: "the gateway's developers, after five minutes",
			},
		},
		{
			Name: "queue_unserved", Symptom: true, Severity: Page, Owner: "operations", Measure: "fx_queue_unserved_messages", By: "queue", Reduce: Max,
			Threshold: 0, For: soon, Clear: 0, ClearFor: soon, Text: "messages wait in %s and no consumer reads them",
			Advice: Advice{
				Meaning: "A queue has messages and no consumer.", Impact: "This step of every trade waits; requests expire.",
				Verify:   "The operations page shows the queue with 0 consumers; `fxctl status` shows the instances.",
				Steps:    [3]string{"See whether the program that owns the queue is ready; docs/messages.md names it.", "Start it, or restart the instance that is not ready.", "Watch the depth fall."},
				Escalate: "the owner of the program, at once if no instance stays up",
			},
		},
		{
			Name: "queue_late", Symptom: true, Severity: Page, Owner: "operations", Measure: "fx_queue_backlog_seconds", By: "queue", Reduce: Min,
			Threshold: 15, For: 5 * time.Second, Clear: 0, ClearFor: soon, Text: "queue %s has a backlog: its messages come late",
			Advice: Advice{
				Meaning: "More than 50 messages have waited at every look for so long. Its oldest message has waited about as long as the queue is deep.", Impact: "Requests are answered late; a trade past its deadline is refused.",
				Verify:   "Compare the rate in and out of the queue; look at the age in the log of its program.",
				Steps:    [3]string{"Add a replica: `make scale SERVICE=… N=3`.", "See whether Postgres answers slowly.", "See whether one provider floods: `fxctl sessions`."},
				Escalate: "the owner of the program, if the depth still grows after ten minutes",
			},
		},
		{
			Name: "bookings_waiting", Symptom: true, Severity: Page, Owner: "mainframe", Measure: "fx_bookings_waiting", Reduce: Sum,
			Threshold: 200, For: soon, Clear: 50, ClearFor: steady, Text: "trades wait for the mainframe to book them",
			Advice: Advice{
				Meaning: "The gateway has trades that the mainframe has not answered.", Impact: "Clients are answered; the books lag behind.",
				Verify:   "`fxctl status`: the mainframe gateway's reasons, `bookings.waiting`.",
				Steps:    [3]string{"See whether the mainframe answers at all.", "Ask its operators about a planned window.", "Do nothing to the trades: each is sent again and booked once."},
				Escalate: "the mainframe's operators, at once",
			},
		},
		{
			Name: "bookings_late", Symptom: true, Severity: Page, Owner: "mainframe", Measure: "fx_bookings_oldest_seconds", Reduce: Max,
			Threshold: 10, For: 5 * time.Second, Clear: 2, ClearFor: soon, Text: "the mainframe does not book, or books slowly",
			Advice: Advice{
				Meaning: "A trade has waited so long for the mainframe's answer; those after it wait for it.", Impact: "Clients are answered; the books lag behind.",
				Verify:   "`fxctl status`: the reasons of the mainframe's gateway.",
				Steps:    [3]string{"See whether rates_stale fires too: then the mainframe answers nothing at all.", "Ask its operators about a planned window.", "Do nothing to the trades: each is sent again and booked once."},
				Escalate: "the mainframe's operators, at once",
			},
		},
		{
			Name: "movements_late", Symptom: true, Severity: Page, Owner: "mainframe", Measure: "fx_movements_oldest_seconds", Reduce: Max,
			Threshold: 10, For: 5 * time.Second, Clear: 2, ClearFor: soon, Text: "the mainframe does not settle, or settles slowly",
			Advice: Advice{
				Meaning: "An instruction to move money has waited so long for the mainframe's answer.", Impact: "Legs that are due settle late; past the cut-off they fail.",
				Verify:   "`fxctl status`: the reasons of the mainframe's gateway.",
				Steps:    [3]string{"See whether the mainframe answers at all.", "Compare the time with the currency's cut-off.", "Tell the settlement desk which legs are due."},
				Escalate: "the settlement desk, half an hour before the cut-off",
			},
		},
		{
			Name: "movements_waiting", Symptom: true, Severity: Page, Owner: "mainframe", Measure: "fx_movements_waiting", Reduce: Sum,
			Threshold: 200, For: soon, Clear: 50, ClearFor: steady, Text: "settlement instructions wait for the mainframe",
			Advice: Advice{
				Meaning: "The mainframe has not answered instructions to move money.", Impact: "Legs that are due settle late; past the cut-off they fail.",
				Verify:   "`fxctl status`: the reasons of the mainframe's gateway. `fxctl settlements --state failed`: what is past its cut-off.",
				Steps:    [3]string{"See whether the mainframe answers at all.", "Compare the time with the currency's cut-off.", "Tell the settlement desk which legs are due."},
				Escalate: "the settlement desk, half an hour before the cut-off",
			},
		},
		{
			Name: "settlement_failed", Symptom: true, Severity: Page, Owner: "settlement desk", Measure: "fx_movements_failed", Reduce: Max,
			Threshold: 0, For: 5 * time.Second, Clear: 0, ClearFor: soon, Text: "settlements have failed",
			Advice: Advice{
				Meaning: "The mainframe has refused movements of money, or has not answered by their cut-off. They stay until a person resolves them.", Impact: "The client or the bank lacks money on its value date. The line stays used.",
				Verify:   "The operations page, Settlement: the failed legs by reason and cut-off. `fxctl settlements --state failed` lists them, too.",
				Steps:    [3]string{"Read the reasons: no funds, a closed account, a blocked currency, or too late.", "Have the cause corrected, and try again: on the page, or `fxctl settlements retry ID --reason …`.", "If the money was moved in another way, say so: on the page, or `fxctl settlements by-hand ID --reason … --reference …`."},
				Escalate: "the settlement desk, at once",
			},
		},
		{
			Name: "reversal_refused", Symptom: true, Severity: Page, Owner: "mainframe", Measure: "fx_reversals_refused", By: "instance", Reduce: Max,
			Threshold: 0, For: 5 * time.Second, Clear: 0, ClearFor: soon, Text: "%s was refused the opposite booking of a deleted trade",
			Advice: Advice{
				Meaning: "Two persons have deleted a booked trade, and the mainframe has refused the opposite booking.", Impact: "The mainframe's books still have the trade. The core neither counts it on a line nor settles it.",
				Verify:   "`GET /v1/trades?state=deleted`: the trade's deletion has the mainframe's code and text. `reversal.refused` stands in the trade's trace.",
				Steps:    [3]string{"Have the cause corrected at the mainframe: a closed account, a client that is gone.", "Have its operators book the opposite by hand, under the reversal's id.", "Restart the instance when that is done: it clears the count."},
				Escalate: "the mainframe's operators, before the trade's value date",
			},
		},
		{
			Name: "rates_stale", Symptom: true, Severity: Page, Owner: "market data", Measure: "fx_rates_age_seconds", Reduce: Min,
			Threshold: 15, For: 5 * time.Second, Clear: 10, ClearFor: soon, Text: "the mainframe's rates are old",
			Advice: Advice{
				Meaning: "No replica of datasync has had rates from the mainframe for so long.", Impact: "Past the rates' greatest age trading refuses every trade.",
				Verify:   "`fxctl status`: the warnings of trading and of datasync.",
				Steps:    [3]string{"See whether the mainframe gateway is ready.", "See whether datasync is ready and Redis is up.", "Ask the mainframe's operators for the rate feed."},
				Escalate: "market data, at once in trading hours",
			},
		},
		{
			Name: "provider_flooding", Symptom: true, Severity: Ticket, Owner: "operations", Measure: "fx_session_messages_per_second", By: "provider", Reduce: Max,
			Threshold: 300, For: soon, Clear: 200, ClearFor: soon, Text: "provider %s sends more messages than one provider should",
			Advice: Advice{
				Meaning: "The provider has sent more than 300 messages a second for a while.", Impact: "Its own requests come late, and those of others, for they share the services' queues.",
				Verify:   "The page shows its messages a second under Sessions. Compare them with its agreement.",
				Steps:    [3]string{"Ask the provider to slow down.", "See whether queue_late fires: then others wait, too.", "End its session if it does not slow down."},
				Escalate: "the provider's relationship manager",
			},
		},
		{
			Name: "requests_unconfirmed", Symptom: true, Severity: Ticket, Owner: "operations", Measure: "fx_session_requests_waiting", By: "provider", Reduce: Max,
			Threshold: 500, For: soon, Clear: 100, ClearFor: soon, Text: "requests of provider %s wait for the broker's confirm",
			Advice: Advice{
				Meaning: "The gateway has requests that the broker has not confirmed yet. The provider has no answer to them.", Impact: "The provider's requests are late. Nothing is lost: it sends them again.",
				Verify:   "See whether other providers' requests wait, too: then it is the broker.",
				Steps:    [3]string{"See whether the broker is slow for all.", "See whether provider_flooding fires.", "Move the session to another instance: `fxctl sessions move`."},
				Escalate: "the platform team",
			},
		},
	}
}
