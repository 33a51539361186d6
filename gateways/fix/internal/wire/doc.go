// Package wire handles FIX at the level of bytes. It finds the messages in a stream, checks their length and checksum, and reads
// and writes single fields. It does not know the types of messages and stores nothing.
package wire
