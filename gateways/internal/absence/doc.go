// Package absence watches over providers that are away: not logged on, for whatever reason. When a provider stays away for
// longer than was agreed, the gateway tells the core once, and the core takes back what the provider had reserved and not
// used.
//
// The store keeps since when a provider is away, so an instance that takes the session over goes on counting. If a provider
// was logged on when its instance died, the next instance counts from its own beginning.
package absence
