package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"time"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/credential"
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

// Defaults and bounds of the file's values.
const (
	defaultHeartbeat = 60
	maxHeartbeat     = 600
	maxRate          = 1_000_000
	maxGrace         = 3_600
	maxProviders     = 1_000
)

var (
	idForm     = regexp.MustCompile(`^[A-Z0-9-]{1,32}$`) // in lower case it is a word of a routing key
	compIDForm = regexp.MustCompile(`^[!-<>-~]{1,64}$`)  // printable, no space, no equals sign
)

// Parse reads the provider file: {"providers": [{"id": "ALPHA", …}], "dialects": {"name": {…}}}. The error names each
// faulty provider and key, and shows no password hash.
func Parse(file []byte) ([]Provider, error) {
	var content struct {
		Providers []entry                        `json:"providers"`
		Dialects  map[string]variation.Variation `json:"dialects"`
	}
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil {
		return nil, fmt.Errorf("provider file: %w", err)
	}
	if n := len(content.Providers); n == 0 || n > maxProviders {
		return nil, fmt.Errorf("provider file: providers: %d entries, want 1 to %d", n, maxProviders)
	}
	if decoder.More() {
		return nil, errors.New("provider file: something follows its end")
	}
	known, faults := dialects(content.Dialects)
	providers := make([]Provider, len(content.Providers))
	faults = append(faults, duplicates(content.Providers)...)
	for i, e := range content.Providers {
		p, wrong := e.provider(known)
		for _, err := range wrong {
			faults = append(faults, fmt.Errorf("provider file: providers[%d] (%s): %w", i, e.ID, err))
		}
		providers[i] = p
	}
	return providers, errors.Join(faults...)
}

// dialects are those of the file beside those that the gateway has by itself.
func dialects(ofFile map[string]variation.Variation) (map[string]variation.Variation, []error) {
	known := variation.Named()
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(ofFile)) {
		err := ofFile[name].Validate()
		if _, taken := known[name]; taken {
			err = errors.New("is a dialect that the gateway has by itself: choose another name")
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("provider file: dialects[%s]: %w", name, err))
			continue
		}
		known[name] = ofFile[name]
	}
	return known, faults
}

// duplicates finds IDs and sessions that two providers claim.
func duplicates(entries []entry) []error {
	var faults []error
	seen := map[string]int{}
	claim := func(i int, key, value string) {
		if first, taken := seen[key+value]; taken {
			faults = append(faults, fmt.Errorf("provider file: providers[%d] (%s): %s: taken by providers[%d]", i, entries[i].ID, key, first))
		}
		seen[key+value] = i
	}
	for i, e := range entries {
		claim(i, "id", e.ID)
		claim(i, "sender_comp_id", e.BeginString+" "+e.SenderCompID+" "+e.TargetCompID)
	}
	return faults
}

func (e entry) provider(dialects map[string]variation.Variation) (Provider, []error) {
	addresses, faults := e.prefixes()
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

func (e entry) prefixes() (prefixes []netip.Prefix, faults []error) {
	for _, text := range e.Addresses {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			faults = append(faults, fmt.Errorf("addresses: %q is not a CIDR such as 192.0.2.0/24", text))
			continue
		}
		prefixes = append(prefixes, prefix.Masked())
	}
	return prefixes, faults
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
