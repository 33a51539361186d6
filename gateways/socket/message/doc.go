// Package message defines FX Core's own messages for providers that connect by socket: requests in unsequenced packets, answers in
// sequenced ones. A message is a type, a version, and fields in a fixed order, big-endian. The gateway's README.md describes
// them byte by byte. The package does no I/O. The gateway and the client use it.
//
// Amounts and rates are decimal texts, not mantissa and exponent. So a number has the same form as in the core, its journal and
// FIX. It is never scaled, cannot overflow, and is readable in a dump.
//
// Each message lists its fields in one method, which reads, writes and describes them. So these three cannot differ.
package message
