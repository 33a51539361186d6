// Package core reaches a core: its addresses, its certificate, and a token.
package core
