package authorization

// The names of the rules, as decisions carry them. They must not change, because reports count decisions by them.
const (
	RuleFirstUse   = "first-use"        // a reference may be used for one request only
	RuleDeadline   = "deadline"         // nothing is done after the deadline
	RuleStaticData = "static-data"      // the static data is there and not too old
	RuleProvider   = "provider-active"  // the provider is known and not blocked
	RuleCaller     = "caller-active"    // the caller is a user of the bank
	RuleRight      = "right"            // a role of the caller has the right to the action
	RuleReach      = "reach"            // the caller's right reaches the client
	RuleClient     = "client-active"    // the client is known and not blocked
	RuleActsFor    = "acts-for"         // the provider may act for this client
	RuleAccount    = "account"          // the account belongs to the client
	RuleCurrency   = "account-currency" // the account's currency is one of the pair's
	RuleProduct    = "product"          // the provider, or the client's desk, may deal in this product
	RulePair       = "pair"             // the provider may deal in this pair
	RuleSize       = "size"             // the deal is not above the largest size
	RuleTerms      = "terms"            // every rule allows the request: granted on the provider's terms
)
