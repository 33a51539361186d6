// Package absence watches over providers that are away: not logged on, for whatever reason. Who stays away for longer than
// was agreed is told to the core, once, which takes back what the provider had reserved and not used.
//
// Since when a provider is away is in the store, so that an instance that takes a session over goes on counting. Of a
// provider that was logged on when its instance died, the next one counts from its own beginning: if the provider does not
// come back there either, it is away.
package absence
