package provider

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/providerfile"
)

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
	var claims providerfile.Claims
	for i, e := range entries {
		claims.Claim(i, e.ID, "id", e.ID)
		claims.Claim(i, e.ID, "sender_comp_id", e.BeginString+" "+e.SenderCompID+" "+e.TargetCompID)
	}
	return claims.Faults()
}
