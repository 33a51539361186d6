package provider

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
)

// entry is a provider in the file. The CompIDs are those in the provider's messages.
type entry struct {
	providerfile.Entry

	BeginString      string         `json:"begin_string"`
	DefaultApplVerID string         `json:"default_appl_ver_id"`
	SenderCompID     string         `json:"sender_comp_id"`
	TargetCompID     string         `json:"target_comp_id"`
	Heartbeat        int            `json:"heartbeat_seconds"`
	Reset            string         `json:"reset"`
	Dialect          string         `json:"dialect"`
	Schedule         *schedule.Spec `json:"schedule"`
}

// provider returns the provider of an entry, and the faults of its keys.
func (e entry) provider(dialects map[string]variation.Variation) (Provider, []error) {
	account, wrong := e.Account()
	if e.Heartbeat == 0 {
		e.Heartbeat = defaultHeartbeat
	}
	if e.Reset == "" {
		e.Reset = string(ResetOnRequest)
	}
	var faults providerfile.Faults
	hours, err := e.hours()
	faults.Note(err)
	e.check(&faults, dialects)
	return Provider{
		Account:     account,
		BeginString: e.BeginString, DefaultApplVerID: e.DefaultApplVerID, CompID: e.SenderCompID, OurCompID: e.TargetCompID,
		MaxHeartbeat: time.Duration(e.Heartbeat) * time.Second, Reset: Reset(e.Reset),
		Dialect: e.Dialect, Variation: dialects[e.Dialect], Schedule: hours,
	}, append(wrong, faults.List()...)
}

func (e entry) hours() (schedule.Schedule, error) {
	if e.Schedule == nil {
		return schedule.Schedule{}, nil
	}
	hours, err := e.Schedule.Schedule()
	if err != nil {
		return hours, fmt.Errorf("schedule: %w", err)
	}
	return hours, nil
}

func (e entry) check(f *providerfile.Faults, dialects map[string]variation.Variation) {
	f.Unless(e.BeginString == FIX44 || e.BeginString == FIXT11, "begin_string: %q is not %s or %s", e.BeginString, FIX44, FIXT11)
	f.Unless((e.BeginString == FIXT11) == (e.DefaultApplVerID == FIX50SP2), "default_appl_ver_id: want %q with %s and nothing else", FIX50SP2, FIXT11)
	f.Unless(compIDForm.MatchString(e.SenderCompID), "sender_comp_id: want 1 to 64 printable characters")
	f.Unless(compIDForm.MatchString(e.TargetCompID), "target_comp_id: want 1 to 64 printable characters")
	f.Unless(e.Heartbeat >= 1 && e.Heartbeat <= maxHeartbeat, "heartbeat_seconds: %d is not 1 to %d", e.Heartbeat, maxHeartbeat)
	f.Unless(slices.Contains(resets, Reset(e.Reset)), "reset: %q is not one of %q", e.Reset, resets)
	f.Unless(e.Reset != string(ResetAtStart) || e.Schedule != nil, "reset: %s needs a schedule", ResetAtStart)
	_, known := dialects[e.Dialect]
	f.Unless(known, "dialect: %q is not one of %q", e.Dialect, slices.Sorted(maps.Keys(dialects)))
}
