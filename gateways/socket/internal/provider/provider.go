// Package provider is who may have a session by socket, as data: identity, credentials, where it may come from, how fast.
package provider

import (
	"net/netip"
	"strings"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
)

// Provider is one external provider and its one session. It is valid: see Parse.
type Provider struct {
	ID           string                // as the core knows it: ALPHA
	User         string                // of the login
	PasswordHash string                // argon2id, PHC string
	Addresses    providerfile.Networks // where it may come from; empty: anywhere
	Certificate  string                // common name of the client certificate that it must show; empty: none
	Throttle     door.Rate
	Session      int // which of its sessions runs: 1 is the first
}

// Origin is the last word of the routing keys of what this provider asks: its ID in lower case.
func (p Provider) Origin() string { return strings.ToLower(p.ID) }

// Known is what the provider's login is checked against.
func (p Provider) Known() *credential.Known {
	return &credential.Known{User: p.User, PasswordHash: p.PasswordHash}
}

// Allows tells whether the provider may come from an address.
func (p Provider) Allows(address netip.Addr) bool { return p.Addresses.Allow(address) }
