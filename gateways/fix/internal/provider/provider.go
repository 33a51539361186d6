// Package provider is who may have a session with us, as data: identity, credentials, where it may come from, and the
// rules of its session.
package provider

import (
	"time"

	"fxcore/gateways/fix/internal/variation"
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

// FIX versions that have a dictionary here, and the application version over FIXT.1.1.
const (
	FIX44    = "FIX.4.4"
	FIXT11   = "FIXT.1.1"
	FIX50SP2 = "9" // ApplVerID(1128) of 5.0SP2
)

// Provider is one external provider and its one session. It is valid: see Parse. Its user is the Username(553).
type Provider struct {
	providerfile.Account

	BeginString      string        // FIX44 or FIXT11
	DefaultApplVerID string        // FIX50SP2 over FIXT11, else empty
	CompID           string        // SenderCompID(49) of what it sends
	OurCompID        string        // TargetCompID(56) of what it sends
	MaxHeartbeat     time.Duration // longest HeartBtInt(108) that is accepted
	Reset            Reset
	Dialect          string // name of its dialect
	Variation        variation.Variation
	Schedule         schedule.Schedule
}
