// Package absence watches over providers that are not logged on. When a provider stays away for longer than was agreed, the
// gateway publishes session.ended, once for each absence. The core then withdraws what the provider reserved and did not use.
//
// The database has the time since when a provider is away, so an instance that takes the session over goes on counting. If a
// provider was logged on when its instance died, the next instance counts from its own start.
package absence
