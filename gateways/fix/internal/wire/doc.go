// Package wire knows FIX as bytes: where a message begins and ends in a stream, whether its length and sum are right,
// and how to read and write single fields. It knows no message by name, and it keeps nothing.
package wire
