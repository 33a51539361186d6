package access

// Action is what a caller wants to do.
type Action string

// The actions.
const (
	ReadTrades        Action = "trades.read"
	RequestTrade      Action = "trades.request"
	RequestCheck      Action = "linechecks.request"
	ReadMarket        Action = "market.read" // pairs, rates, value dates
	ReadClients       Action = "clients.read"
	ReadSettlements   Action = "settlements.read"
	CommandSettlement Action = "settlements.command"
	ReadJobs          Action = "jobs.read"
	CommandJob        Action = "jobs.command"
)

// Actions lists all actions.
func Actions() []Action {
	return []Action{ReadTrades, RequestTrade, RequestCheck, ReadMarket, ReadClients, ReadSettlements, CommandSettlement, ReadJobs, CommandJob}
}

// The roles, as the mainframe's users have them.
const (
	Trader     = "trader"
	Sales      = "sales"
	Operations = "operations"
	Compliance = "compliance"
	System     = "system"
)

// Scope says for which clients an action is allowed.
type Scope int

// The scopes, from none to all.
const (
	None Scope = iota
	OwnDesk
	All
)

// rights is the table of who may do what. What is not in it is not allowed.
var rights = map[string]map[Action]Scope{
	Trader: {
		ReadTrades: OwnDesk, RequestTrade: OwnDesk, RequestCheck: OwnDesk, ReadMarket: All, ReadClients: OwnDesk, ReadSettlements: OwnDesk,
	},
	Sales: {
		ReadTrades: OwnDesk, RequestTrade: OwnDesk, RequestCheck: OwnDesk, ReadMarket: All, ReadClients: OwnDesk, ReadSettlements: OwnDesk,
	},
	Operations: {
		ReadTrades: All, ReadMarket: All, ReadClients: All, ReadSettlements: All, CommandSettlement: All, ReadJobs: All, CommandJob: All,
	},
	Compliance: {
		ReadTrades: All, ReadMarket: All, ReadClients: All, ReadSettlements: All, ReadJobs: All,
	},
	System: {
		ReadTrades: All, RequestTrade: All, RequestCheck: All, ReadMarket: All, ReadClients: All, ReadSettlements: All,
	},
}

// May returns for which clients the caller may do the action: the widest scope of its roles. A caller without a desk has no own desk.
func (c Caller) May(a Action) Scope {
	widest := None
	for role, actions := range rights {
		if c.has(role) {
			widest = max(widest, actions[a])
		}
	}
	if widest == OwnDesk && c.Desk == "" {
		return None
	}
	return widest
}
