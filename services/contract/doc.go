// Package contract is what the core's programs agree on because it travels in their messages: the names of message types and
// the exchanges that carry them, ids, and how a step adds its section to a message.
//
// It holds no view of a message's data: each reader declares the fields that it uses.
package contract
