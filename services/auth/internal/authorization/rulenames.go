package authorization

// Names of the rules, as decisions carry them. They are stable: reports count by them.
const (
	RuleFirstUse   = "first-use"       // a reference means one request
	RuleDeadline   = "deadline"        // a step is taken before the deadline or not at all
	RuleStaticData = "static-data"     // nothing is decided on data that is missing or too old
	RuleProvider   = "provider-active" // the provider is known and not blocked
	RuleClient     = "client-active"   // the client is known and not blocked
	RuleActsFor    = "acts-for"        // the provider may act for this client
	RuleAccount    = "account"         // the account is the client's
	RuleProduct    = "product"         // the provider may deal in this product
	RulePair       = "pair"            // the provider may deal in this pair
	RuleSize       = "size"            // the deal is within the provider's size
	RuleTerms      = "terms"           // every rule let it pass: granted on the provider's terms
)
