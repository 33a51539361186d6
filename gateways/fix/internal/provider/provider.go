// Package provider has the rules of the providers that may have a FIX session, read from the provider file.
package provider

import (
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
)

// Reset says what happens when a provider asks for numbers from 1 (ResetSeqNumFlag(141)=Y).
type Reset string

// The reset policies. A provider that resets gives up the answers that it has not received. It gets them again if it repeats its
// requests.
const (
	ResetNever     Reset = "never"      // the logon is refused
	ResetOnRequest Reset = "on_request" // both sides begin again at 1
	ResetAtStart   Reset = "at_start"   // the same, and also at the start of each period of the schedule
)

var resets = []Reset{ResetNever, ResetOnRequest, ResetAtStart}

// The served FIX versions, and the application version over FIXT.1.1.
const (
	FIX44    = "FIX.4.4"
	FIXT11   = "FIXT.1.1"
	FIX50SP2 = "9" // ApplVerID(1128) of 5.0SP2
)

// Provider is one external provider with its one session. Parse returns only valid ones. Its user is the Username(553).
type Provider struct {
	providerfile.Account

	BeginString      string        // FIX44 or FIXT11
	DefaultApplVerID string        // FIX50SP2 over FIXT11, else empty
	CompID           string        // SenderCompID(49) of its messages
	OurCompID        string        // TargetCompID(56) of its messages
	MaxHeartbeat     time.Duration // longest HeartBtInt(108) that is accepted
	Reset            Reset
	Dialect          string // name of its dialect
	Variation        variation.Variation
	Schedule         schedule.Schedule
}
