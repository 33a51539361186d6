package rights

// Action is something that a caller of the API may do or see. A token's scope is a list of actions.
type Action string

// The actions.
const (
	EnterTrade        Action = "trade.enter"        // spot, forward, swap
	ViewTrades        Action = "trade.view"         // with history, legs, rejections
	CorrectTrade      Action = "trade.correct"      // propose to delete a trade, or decide what another person has proposed
	ReserveLine       Action = "line.reserve"       // a line check that reserves
	ConsumeLine       Action = "line.consume"       // or reverse a consumption
	CancelLine        Action = "line.cancel"        // gives a reservation back
	AskWhatIf         Action = "line.what_if"       // reserves nothing
	ViewLines         Action = "line.view"          // tree, usage, headroom, ladder
	ViewClients       Action = "client.view"        //
	ViewMarket        Action = "market.view"        // pairs, rates, value dates
	ViewSettlements   Action = "settlement.view"    //
	CommandSettlement Action = "settlement.command" // retry or settle by hand what failed
	ViewJobs          Action = "job.view"           // and reports
	CommandJob        Action = "job.command"        // start or stop
	EndDay            Action = "day.end"            // only where the bank's clock may run ahead
	ViewOriginals     Action = "original.view"      // a provider's own bytes
	RevokeTokens      Action = "token.revoke"       // of others; everybody may revoke an own token
	ViewOperations    Action = "operations.view"    // health, alerts, measures, queues, traces, logs
	CommandOperations Action = "operations.command" // move, drain, acknowledge an alert
	ViewErrors        Action = "error.view"         // messages that failed, with secrets masked
	ReplayErrors      Action = "error.replay"       // also edited
	DiscardErrors     Action = "error.discard"      //
	ViewJournal       Action = "journal.view"       // of all messages
	ReadAudit         Action = "audit.read"         // what happened to security
)

// row is the rights to one action, by role in the order of Roles.
type row struct {
	action Action
	reach  [5]Reach
}

// table is the whole of the rights. A pair of role and action that it does not have is no right.
func table() []row {
	const no, client, desk, all = Nothing, OwnClient, OwnDesk, All
	return []row{
		//                 trader sales operations compliance system
		{EnterTrade, [5]Reach{desk, desk, no, no, client}},
		{ViewTrades, [5]Reach{desk, desk, all, all, client}},
		{CorrectTrade, [5]Reach{no, no, all, no, no}},
		{ReserveLine, [5]Reach{desk, desk, no, no, client}},
		{ConsumeLine, [5]Reach{desk, desk, no, no, client}},
		{CancelLine, [5]Reach{desk, desk, all, no, client}},
		{AskWhatIf, [5]Reach{desk, desk, all, all, client}},
		{ViewLines, [5]Reach{desk, desk, all, all, client}},
		{ViewClients, [5]Reach{desk, desk, all, all, client}},
		{ViewMarket, [5]Reach{all, all, all, all, all}},
		{ViewSettlements, [5]Reach{desk, desk, all, all, client}},
		{CommandSettlement, [5]Reach{no, no, all, no, no}},
		{ViewJobs, [5]Reach{no, no, all, all, no}},
		{CommandJob, [5]Reach{no, no, all, no, no}},
		{EndDay, [5]Reach{no, no, all, no, no}},
		{ViewOriginals, [5]Reach{no, no, all, all, no}},
		{RevokeTokens, [5]Reach{no, no, all, all, no}},
		{ViewOperations, [5]Reach{no, no, all, all, no}},
		{CommandOperations, [5]Reach{no, no, all, no, no}},
		{ViewErrors, [5]Reach{no, no, all, no, no}},
		{ReplayErrors, [5]Reach{no, no, all, no, no}},
		{DiscardErrors, [5]Reach{no, no, all, no, no}},
		{ViewJournal, [5]Reach{no, no, all, all, no}},
		{ReadAudit, [5]Reach{no, no, all, all, no}},
	}
}

// Roles returns all roles, in the order of the table's columns.
func Roles() []Role { return []Role{Trader, Sales, Operations, Compliance, System} }

// Actions returns all actions, in the order of the table's rows.
func Actions() []Action {
	var all []Action
	for _, r := range table() {
		all = append(all, r.action)
	}
	return all
}

// Of returns how far a role's right to an action reaches: Nothing if it has none, or if the table does not know the role or the
// action.
func Of(role Role, action Action) Reach {
	for _, r := range table() {
		for column, of := range Roles() {
			if r.action == action && of == role {
				return r.reach[column]
			}
		}
	}
	return Nothing
}
