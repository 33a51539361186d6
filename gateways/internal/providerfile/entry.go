package providerfile

import (
	"fmt"
	"regexp"
	"time"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
)

// Entry holds the keys that every provider in a file has. Each protocol embeds it and adds its own keys.
type Entry struct {
	ID           string   `json:"id"`
	User         string   `json:"user"`
	PasswordHash string   `json:"password_hash"`
	Addresses    []string `json:"addresses"`
	Certificate  string   `json:"certificate"`
	PlainText    bool     `json:"plain_text"`
	ShowsLimits  bool     `json:"shows_limits"`
	Throttle     struct {
		PerSecond int `json:"per_second"`
		Burst     int `json:"burst"`
	} `json:"throttle"`
	Cancel *struct {
		GraceSeconds int `json:"grace_seconds"`
	} `json:"cancel_on_disconnect"`
}

// Bounds of the values.
const (
	maxRate  = 1_000_000
	maxGrace = 3_600
)

var idForm = regexp.MustCompile(`^[A-Z0-9-]{1,32}$`) // in lower case it is a word of a routing key

func (e Entry) id() string { return e.ID }

// Account makes the account of an entry, and lists what is wrong with each key.
func (e Entry) Account() (Account, []error) {
	addresses, wrong := ParseNetworks(e.Addresses)
	if e.Throttle.Burst == 0 {
		e.Throttle.Burst = e.Throttle.PerSecond
	}
	faults := Faults{list: wrong}
	e.check(&faults)
	return Account{
		ID: e.ID, User: e.User, PasswordHash: e.PasswordHash, Addresses: addresses, Certificate: e.Certificate, PlainText: e.PlainText, ShowsLimits: e.ShowsLimits,
		Throttle: door.Rate{PerSecond: e.Throttle.PerSecond, Burst: e.Throttle.Burst}, CancelAfter: e.grace(),
	}, faults.List()
}

func (e Entry) check(f *Faults) {
	f.Unless(idForm.MatchString(e.ID), "id: want 1 to 32 of A-Z, 0-9 and -")
	f.Unless(e.User != "", "user: missing")
	err := credential.Valid(e.PasswordHash)
	f.Unless(err == nil, "password_hash: %w", err)
	f.Unless(e.Throttle.PerSecond >= 0 && e.Throttle.PerSecond <= maxRate, "throttle.per_second: %d is not 0 to %d", e.Throttle.PerSecond, maxRate)
	f.Unless(e.Throttle.Burst >= 0 && e.Throttle.Burst <= maxRate, "throttle.burst: %d is not 0 to %d", e.Throttle.Burst, maxRate)
	f.Unless(e.Cancel == nil || e.Cancel.GraceSeconds >= 1 && e.Cancel.GraceSeconds <= maxGrace,
		"cancel_on_disconnect.grace_seconds: want 1 to %d", maxGrace)
}

func (e Entry) grace() Grace {
	if e.Cancel == nil {
		return 0
	}
	return Grace(time.Duration(e.Cancel.GraceSeconds) * time.Second)
}

// Faults collects what is wrong with the keys of one entry.
type Faults struct{ list []error }

// Unless notes a fault where a condition does not hold.
func (f *Faults) Unless(fine bool, format string, args ...any) {
	if !fine {
		f.list = append(f.list, fmt.Errorf(format, args...))
	}
}

// Note adds an error that is not nil.
func (f *Faults) Note(err error) {
	if err != nil {
		f.list = append(f.list, err)
	}
}

// List returns the faults in the order in which they were found.
func (f *Faults) List() []error { return f.list }
