// Package contract defines what the core's programs share because it travels in their messages: the message types, the
// exchanges that carry them, the ids, and how a step adds its section to a message.
//
// The package does not define the data of a message. Each reader declares the fields that it uses.
package contract
