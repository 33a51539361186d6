// Package soup speaks SoupBinTCP 3.00 (Nasdaq): packets of a two byte big-endian length, a type and a payload; a login
// that names a session and the next message wanted; a sequenced stream from server to client, unsequenced messages
// the other way, heartbeats. It knows the packets, not what the messages in them say, and it keeps nothing.
package soup
