// Package soup reads and writes packets of SoupBinTCP 3.00 (Nasdaq). A packet has a big-endian length of two bytes, a type and a
// payload. A login names a session and the next message. The server sends numbered messages, the client messages without
// numbers; both send heartbeats. The package does not know the content of messages and has no state.
package soup
