package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"fxcore/gateways/internal/credential"
	"fxcore/gateways/internal/door"
	"fxcore/gateways/internal/providerfile"
)

// entry is a provider in the file; keys that are FIX's as well mean the same there.
type entry struct {
	ID           string   `json:"id"`
	User         string   `json:"user"`
	PasswordHash string   `json:"password_hash"`
	Addresses    []string `json:"addresses"`
	Certificate  string   `json:"certificate"`
	Throttle     struct {
		PerSecond int `json:"per_second"`
		Burst     int `json:"burst"`
	} `json:"throttle"`
	Session int `json:"session"`
}

// Bounds of the file's values.
const (
	maxRate      = 1_000_000
	maxProviders = 1_000
	maxSession   = 999_999_999 // S and nine digits fill the login's field
)

var (
	idForm   = regexp.MustCompile(`^[A-Z0-9-]{1,32}$`)  // in lower case it is a word of a routing key
	userForm = regexp.MustCompile(`^[A-Za-z0-9]{1,6}$`) // as wide as the login's field
)

// Parse reads the provider file: {"providers": [{"id": "ALPHA", …}]}. The error names each faulty provider and key, and
// shows no password hash.
func Parse(file []byte) ([]Provider, error) {
	var content struct {
		Providers []entry `json:"providers"`
	}
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&content); err != nil {
		return nil, fmt.Errorf("provider file: %w", err)
	}
	if decoder.More() {
		return nil, errors.New("provider file: something follows its end")
	}
	if n := len(content.Providers); n == 0 || n > maxProviders {
		return nil, fmt.Errorf("provider file: providers: %d entries, want 1 to %d", n, maxProviders)
	}
	providers := make([]Provider, len(content.Providers))
	faults := duplicates(content.Providers)
	for i, e := range content.Providers {
		p, wrong := e.provider()
		for _, err := range wrong {
			faults = append(faults, fmt.Errorf("provider file: providers[%d] (%s): %w", i, e.ID, err))
		}
		providers[i] = p
	}
	return providers, errors.Join(faults...)
}

// duplicates finds IDs and users that two providers claim.
func duplicates(entries []entry) []error {
	var claims providerfile.Claims
	for i, e := range entries {
		claims.Claim(i, e.ID, "id", e.ID)
		claims.Claim(i, e.ID, "user", e.User)
	}
	return claims.Faults()
}

func (e entry) provider() (Provider, []error) {
	addresses, faults := providerfile.ParseNetworks(e.Addresses)
	if e.Throttle.Burst == 0 {
		e.Throttle.Burst = e.Throttle.PerSecond
	}
	if e.Session == 0 {
		e.Session = 1
	}
	p := Provider{
		ID: e.ID, User: e.User, PasswordHash: e.PasswordHash, Addresses: addresses, Certificate: e.Certificate,
		Throttle: door.Rate{PerSecond: e.Throttle.PerSecond, Burst: e.Throttle.Burst}, Session: e.Session,
	}
	return p, append(faults, e.faults()...)
}

// faults lists what is wrong with each key.
func (e entry) faults() []error {
	var faults []error
	check := func(fine bool, format string, args ...any) {
		if !fine {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	check(idForm.MatchString(e.ID), "id: want 1 to 32 of A-Z, 0-9 and -")
	check(userForm.MatchString(e.User), "user: want 1 to 6 letters and digits")
	err := credential.Valid(e.PasswordHash)
	check(err == nil, "password_hash: %w", err)
	check(e.Throttle.PerSecond >= 0 && e.Throttle.PerSecond <= maxRate, "throttle.per_second: %d is not 0 to %d", e.Throttle.PerSecond, maxRate)
	check(e.Throttle.Burst >= 0 && e.Throttle.Burst <= maxRate, "throttle.burst: %d is not 0 to %d", e.Throttle.Burst, maxRate)
	check(e.Session >= 1 && e.Session <= maxSession, "session: %d is not 1 to %d", e.Session, maxSession)
	return faults
}
