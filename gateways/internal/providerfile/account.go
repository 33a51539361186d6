package providerfile

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"fxcore/gateways/internal/arrival"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
)

// Account is what every provider has, whatever its protocol: who it is, how it proves that, where it may come from, how
// fast it may send, and what its absence means.
type Account struct {
	ID           string    // as the core knows it: ALPHA
	User         string    // of the login
	PasswordHash string    // argon2id, PHC string
	Addresses    Networks  // where it may come from; empty: anywhere
	Certificate  string    // name in the client certificate that it must show; empty: none
	PlainText    bool      // it may come without TLS
	ShowsLimits  bool      // it is told the figures of its clients' lines
	Throttle     door.Rate // how fast it may send
	CancelAfter  Grace
}

// Grace is how long a provider may be away before what it has reserved and not consumed is cancelled; 0 is for ever.
type Grace time.Duration

// Name is the provider's id.
func (a Account) Name() string { return a.ID }

// Origin is the last word of the routing keys of what the provider asks: its id in lower case.
func (a Account) Origin() string { return strings.ToLower(a.ID) }

// Known is what the provider's login is checked against.
func (a Account) Known() *credential.Known {
	return &credential.Known{User: a.User, PasswordHash: a.PasswordHash}
}

// Allows tells whether the provider may come from an address.
func (a Account) Allows(address netip.Addr) bool { return a.Addresses.Allow(address) }

// Admits checks what the network tells of a connection. Errors: those of door.Account.
func (a Account) Admits(caller arrival.Caller) error {
	switch {
	case !a.Allows(caller.Address):
		return fmt.Errorf("%s may not come from %s: %w", a.ID, caller.Address, door.ErrAddress)
	case a.Certificate != "" && !caller.Certificate.Is(a.Certificate):
		return fmt.Errorf("%s must show the certificate of %s, not of %.200q: %w", a.ID, a.Certificate, caller.Certificate.Names, door.ErrCertificate)
	case !caller.TLS && !a.PlainText:
		return fmt.Errorf("%s may not come without TLS: %w", a.ID, door.ErrPlain)
	}
	return nil
}

// SameSession reports whether the session can go on when other replaces a: CancelAfter and ShowsLimits must be the same. Each protocol
// adds its own rules.
func (a Account) SameSession(other Account) bool {
	return a.CancelAfter == other.CancelAfter && a.ShowsLimits == other.ShowsLimits
}

// SameDoor tells whether the door checks the same of both accounts, and paces them alike. These rules change while the
// session goes on.
func (a Account) SameDoor(other Account) bool {
	return a.User == other.User && a.PasswordHash == other.PasswordHash && slices.Equal(a.Addresses, other.Addresses) &&
		a.Certificate == other.Certificate && a.PlainText == other.PlainText && a.Throttle == other.Throttle
}
