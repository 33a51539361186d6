// Package message holds FX Core's own messages for providers that connect by socket: requests in unsequenced packets,
// answers in sequenced ones. Each is a type, a version and fields in a fixed order, big-endian; README.md of the gateway
// has them byte by byte. The package is pure, and both sides use it: the gateway and the client.
//
// Amounts and rates are decimal text, not mantissa and exponent: a number then has one form, the one that the core, its
// journal and FIX use as well; nothing is scaled on the way, nothing can overflow, and a dump reads itself.
//
// Each message says its fields once, in a method that reads, writes and describes them; so the three cannot differ.
package message
