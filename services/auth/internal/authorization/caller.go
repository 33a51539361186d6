package authorization

import (
	"strings"

	"github.com/shopspring/decimal"

	"fxcore/services/contract/reason"
	"fxcore/services/contract/rights"
)

// Caller is the person or system that asks by the API, and what it wants to do. Its role and desk are the user's in the
// directory, so a change at the mainframe takes effect at once, whatever the caller's token says.
type Caller struct {
	User   string
	Client string // of a system's credentials: the client for which it acts, * for all
	Action rights.Action
}

// CallerMaxAmountUSD is the largest size of one deal by the API. It is a bound against typing errors: how much a client may deal is
// a matter of lines.
func CallerMaxAmountUSD() decimal.Decimal { return decimal.New(1, 9) }

// callerRules returns the rules for a request by the API, in order. A request that resolves a reservation names its client, so
// that it can be told whether the caller's right reaches it; the client need not be active. Of a client out of reach nothing is told,
// not even that there is one.
func callerRules(p Purpose) []rule {
	standing := []rule{{RuleStaticData, haveStaticData}, {RuleCaller, callerActive}, {RuleRight, hasRight}}
	if p == Resolve {
		return append(standing, rule{RuleReach, reachesClient}, rule{RuleClient, clientKnown})
	}
	return append(standing, rule{RuleReach, reachesClient}, rule{RuleClient, clientActive}, rule{RuleAccount, accountOfClient},
		rule{RuleCurrency, accountOfPair}, rule{RuleProduct, productOfDesk}, rule{RuleSize, withinSize})
}

func callerActive(m *matter) *refusal {
	u, known := m.dir.Users.Records[m.Caller.User]
	if !known {
		return refuse(reason.Unauthorised, "user %.64q is not in the bank's list of users (data of %s): operations can say why", m.Caller.User,
			stamp(m.dir.Users.AsOf))
	}
	m.holder, m.maxUSD = u.Holder(m.Caller.Client), CallerMaxAmountUSD()
	return nil
}

// Holder returns the user as a holder of rights. client is that of a system's credentials.
func (u User) Holder(client string) rights.Holder {
	return rights.Holder{Roles: []string{u.Role}, Desk: u.Desk, Client: client}
}

func hasRight(m *matter) *refusal {
	if m.holder.Reach(m.Caller.Action) != rights.Nothing {
		return nil
	}
	return refuse(reason.Unauthorised, "user %s is %s, which gives no right to %q", m.Caller.User, strings.Join(m.holder.Roles, ", "), m.Caller.Action)
}

func reachesClient(m *matter) *refusal {
	if m.holder.Reaches(m.Caller.Action, m.Client, m.dir.Clients.Records[m.Client].Desk) {
		return nil
	}
	return refuse(reason.Unauthorised, "client %.64q is out of reach of user %s: the right to %q reaches %s", m.Client,
		m.Caller.User, m.Caller.Action, m.holder.Reach(m.Caller.Action))
}

func productOfDesk(m *matter) *refusal {
	if m.dealsIn(m.Product) {
		return nil
	}
	products := m.dir.Desks.Records[m.client.Desk].Products
	return refuse(reason.ProductNotAllowed, "the client's desk %s does not deal in %.64q, only in: %s", m.client.Desk, m.Product, strings.Join(products, ", "))
}
