package contract

import "fxcore/lambda/event"

// Who lets a command be: auth has checked the person's token, or a person at a shell has the key for emergencies.
const (
	Auth       = "auth"
	BreakGlass = "breakglass"
)

// Commanded returns the commands of people that do something only with a proof.
func Commanded() []event.Type {
	return []event.Type{FailoverCommanded, JobCommanded, SettlementCommanded, TradeCommanded}
}

// Proofs returns whose proof the commands among the types need.
func Proofs(types ...event.Type) map[string][]string {
	needed := map[string][]string{}
	for _, t := range types {
		for _, c := range Commanded() {
			if t == c {
				needed[t.Name] = provers(t)
			}
		}
	}
	return needed
}

// provers returns whose proof a command needs. The key for emergencies proves none that needs two persons: it does not tell them apart.
func provers(t event.Type) []string {
	if t == TradeCommanded {
		return []string{Auth}
	}
	return []string{Auth, BreakGlass}
}
