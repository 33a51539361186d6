package provider

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/internal/providerfile"
)

// Defaults and bounds of the file's values, in seconds.
const (
	defaultHeartbeat = 60
	maxHeartbeat     = 600
)

var compIDForm = regexp.MustCompile(`^[!-<>-~]{1,64}$`) // printable, no space, no equals sign

// Parse reads the provider file: {"providers": [{"id": "ALPHA", …}], "dialects": {"name": {…}}}. The error names each faulty
// provider and key. It does not show password hashes.
func Parse(file []byte) ([]Provider, error) {
	var content struct {
		Providers []entry                        `json:"providers"`
		Dialects  map[string]variation.Variation `json:"dialects"`
	}
	if err := providerfile.Decode(file, &content); err != nil {
		return nil, err
	}
	known, faults := dialects(content.Dialects)
	providers, err := providerfile.Providers(content.Providers,
		func(e entry) (Provider, []error) { return e.provider(known) },
		func(c *providerfile.Claims, place int, e entry) {
			c.Claim(place, e.ID, "sender_comp_id", e.BeginString+" "+e.SenderCompID+" "+e.TargetCompID)
		})
	return providers, errors.Join(append(faults, err)...)
}

// dialects returns the dialects of the file and those that are built into the gateway.
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
