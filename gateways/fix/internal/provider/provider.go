// Package provider is who may have a session with us, as data: identity, credentials, where it may come from, and the
// rules of its session.
package provider

import (
	"net/netip"
	"strings"
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
)

// Reset says what happens when a provider asks to begin again at 1 (ResetSeqNumFlag(141)=Y).
type Reset string

// The reset policies. A provider that resets gives up answers that it has not been sent; it gets them again by
// repeating its request.
const (
	ResetNever     Reset = "never"      // the logon is refused
	ResetOnRequest Reset = "on_request" // both sides begin again at 1
	ResetAtStart   Reset = "at_start"   // the same, and by itself with each period of the schedule
)

var resets = []Reset{ResetNever, ResetOnRequest, ResetAtStart}

// Grace is how long a provider may be away before what it has reserved and not consumed is cancelled; 0 is for ever.
type Grace time.Duration

// FIX versions that have a dictionary here, and the application version over FIXT.1.1.
const (
	FIX44    = "FIX.4.4"
	FIXT11   = "FIXT.1.1"
	FIX50SP2 = "9" // ApplVerID(1128) of 5.0SP2
)

// Provider is one external provider and its one session. It is valid: see Parse.
type Provider struct {
	ID               string                // as the core knows it: ALPHA
	BeginString      string                // FIX44 or FIXT11
	DefaultApplVerID string                // FIX50SP2 over FIXT11, else empty
	CompID           string                // SenderCompID(49) of what it sends
	OurCompID        string                // TargetCompID(56) of what it sends
	User             string                // Username(553)
	PasswordHash     string                // argon2id, PHC string
	MaxHeartbeat     time.Duration         // longest HeartBtInt(108) that is accepted
	Addresses        providerfile.Networks // where it may come from; empty: anywhere
	Certificate      string                // common name of the client certificate that it must show; empty: none
	Throttle         Throttle
	Reset            Reset
	Dialect          string // name of its dialect
	Variation        variation.Variation
	Schedule         schedule.Schedule
	CancelAfter      Grace
}

// Throttle bounds what a provider may send.
type Throttle = door.Rate

// Origin is the last word of the routing keys of what this provider asks: its ID in lower case.
func (p Provider) Origin() string { return strings.ToLower(p.ID) }

// Known is what the provider's logon is checked against.
func (p Provider) Known() *credential.Known {
	return &credential.Known{User: p.User, PasswordHash: p.PasswordHash}
}

// Allows tells whether the provider may come from an address.
func (p Provider) Allows(address netip.Addr) bool { return p.Addresses.Allow(address) }
