// Package contract defines what the core's programs share because it travels in their messages: the message types, the
// exchanges that carry them, the ids and digests, and how a step adds its section to a message. Package reason has the
// rejection codes, package fxdate the trade date and the tenors.
//
// The package does not define the data of a message. Each reader declares the fields that it uses. The exception is package access:
// what is sealed for auth is bound to fields that both sides must write alike. Package rights has the table of who may do what.
//
// Services, gateways and the tools in scripts use it; lambda does not, because lambda holds no business word. Gateways
// import nothing else of services but the clock, which the linter checks.
package contract
