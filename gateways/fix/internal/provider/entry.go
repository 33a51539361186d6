package provider

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/providerfile"
	"fxcore/gateways/internal/schedule"
)

// entry is a provider in the file. The CompIDs are those of what the provider sends.
type entry struct {
	ID               string   `json:"id"`
	BeginString      string   `json:"begin_string"`
	DefaultApplVerID string   `json:"default_appl_ver_id"`
	SenderCompID     string   `json:"sender_comp_id"`
	TargetCompID     string   `json:"target_comp_id"`
	User             string   `json:"user"`
	PasswordHash     string   `json:"password_hash"`
	Heartbeat        int      `json:"heartbeat_seconds"`
	Addresses        []string `json:"addresses"`
	Certificate      string   `json:"certificate"`
	Throttle         struct {
		PerSecond int `json:"per_second"`
		Burst     int `json:"burst"`
	} `json:"throttle"`
	Reset    string         `json:"reset"`
	Dialect  string         `json:"dialect"`
	Schedule *schedule.Spec `json:"schedule"`
	Cancel   *struct {
		GraceSeconds int `json:"grace_seconds"`
	} `json:"cancel_on_disconnect"`
}

func (e entry) provider(dialects map[string]variation.Variation) (Provider, []error) {
	addresses, faults := providerfile.ParseNetworks(e.Addresses)
	hours, err := e.hours()
	if err != nil {
		faults = append(faults, err)
	}
	if e.Heartbeat == 0 {
		e.Heartbeat = defaultHeartbeat
	}
	if e.Throttle.Burst == 0 {
		e.Throttle.Burst = e.Throttle.PerSecond
	}
	if e.Reset == "" {
		e.Reset = string(ResetOnRequest)
	}
	p := Provider{
		ID: e.ID, BeginString: e.BeginString, DefaultApplVerID: e.DefaultApplVerID,
		CompID: e.SenderCompID, OurCompID: e.TargetCompID, User: e.User, PasswordHash: e.PasswordHash,
		MaxHeartbeat: time.Duration(e.Heartbeat) * time.Second, Addresses: addresses, Certificate: e.Certificate,
		Throttle: Throttle{PerSecond: e.Throttle.PerSecond, Burst: e.Throttle.Burst}, Reset: Reset(e.Reset),
		Dialect: e.Dialect, Variation: dialects[e.Dialect], Schedule: hours, CancelAfter: e.cancelAfter(),
	}
	return p, append(faults, e.faults(dialects)...)
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

func (e entry) cancelAfter() Grace {
	if e.Cancel == nil {
		return 0
	}
	return Grace(time.Duration(e.Cancel.GraceSeconds) * time.Second)
}

// faults lists what is wrong with each key.
func (e entry) faults(dialects map[string]variation.Variation) []error {
	var faults []error
	check := func(fine bool, format string, args ...any) {
		if !fine {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(idForm.MatchString(e.ID), "id: want 1 to 32 of A-Z, 0-9 and -")
	check(e.BeginString == FIX44 || e.BeginString == FIXT11, "begin_string: %q is not %s or %s", e.BeginString, FIX44, FIXT11)
	check((e.BeginString == FIXT11) == (e.DefaultApplVerID == FIX50SP2), "default_appl_ver_id: want %q with %s and nothing else", FIX50SP2, FIXT11)
	check(compIDForm.MatchString(e.SenderCompID), "sender_comp_id: want 1 to 64 printable characters")
	check(compIDForm.MatchString(e.TargetCompID), "target_comp_id: want 1 to 64 printable characters")
	check(e.User != "", "user: missing")
	err := credential.Valid(e.PasswordHash)
	check(err == nil, "password_hash: %w", err)
	check(e.Heartbeat >= 1 && e.Heartbeat <= maxHeartbeat, "heartbeat_seconds: %d is not 1 to %d", e.Heartbeat, maxHeartbeat)
	check(e.Throttle.PerSecond >= 0 && e.Throttle.PerSecond <= maxRate, "throttle.per_second: %d is not 0 to %d", e.Throttle.PerSecond, maxRate)
	check(e.Throttle.Burst >= 0 && e.Throttle.Burst <= maxRate, "throttle.burst: %d is not 0 to %d", e.Throttle.Burst, maxRate)
	check(slices.Contains(resets, Reset(e.Reset)), "reset: %q is not one of %q", e.Reset, resets)
	check(e.Reset != string(ResetAtStart) || e.Schedule != nil, "reset: %s needs a schedule", ResetAtStart)
	check(e.Cancel == nil || e.Cancel.GraceSeconds >= 1 && e.Cancel.GraceSeconds <= maxGrace,
		"cancel_on_disconnect.grace_seconds: want 1 to %d", maxGrace)
	_, known := dialects[e.Dialect]
	check(known, "dialect: %q is not one of %q", e.Dialect, slices.Sorted(maps.Keys(dialects)))
	return faults
}
