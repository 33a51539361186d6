// Package desk is where on-call resolves what is in the error queue: it shows the entries by HTTP, replays and discards them, and tells the
// core what was done.
package desk
