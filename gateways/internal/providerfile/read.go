package providerfile

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

const maxProviders = 1_000

// Decode reads the JSON of a provider file into content. It refuses unknown keys, and anything after the end.
func Decode(file []byte, content any) error {
	decoder := json.NewDecoder(bytes.NewReader(file))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(content); err != nil {
		return fmt.Errorf("provider file: %w", err)
	}
	if decoder.More() {
		return errors.New("provider file: something follows its end")
	}
	return nil
}

// Identified is an entry of a file that embeds Entry.
type Identified interface{ id() string }

// Providers makes a provider of each entry. unique claims what no two providers may share. The error names each faulty
// provider and key, and shows no password hash.
func Providers[E Identified, P any](entries []E, provider func(E) (P, []error), unique func(c *Claims, place int, e E)) ([]P, error) {
	if n := len(entries); n == 0 || n > maxProviders {
		return nil, fmt.Errorf("provider file: providers: %d entries, want 1 to %d", n, maxProviders)
	}
	var claims Claims
	var faults []error
	providers := make([]P, len(entries))
	for i, e := range entries {
		claims.Claim(i, e.id(), "id", e.id())
		unique(&claims, i, e)
		made, wrong := provider(e)
		for _, err := range wrong {
			faults = append(faults, fmt.Errorf("provider file: providers[%d] (%s): %w", i, e.id(), err))
		}
		providers[i] = made
	}
	return providers, errors.Join(append(claims.Faults(), faults...)...)
}
