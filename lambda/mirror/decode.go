package mirror

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// BadRecordsError says which records of a version are left out because they cannot be read, and why. The others are held.
type BadRecordsError struct{ Faults map[string]error } // by record id

// namedFaults bounds how many bad records an error's text names.
const namedFaults = 3

// Error implements error.
func (e *BadRecordsError) Error() string {
	ids := slices.Sorted(maps.Keys(e.Faults))
	parts := make([]string, 0, namedFaults)
	for _, id := range ids[:min(len(ids), namedFaults)] {
		parts = append(parts, fmt.Sprintf("record %s: %s", id, e.Faults[id]))
	}
	return fmt.Sprintf("%d bad records are left out: %s", len(ids), strings.Join(parts, "; "))
}

// Decode reads every record of a set as JSON and hands it to take. A record that cannot be read, or that take refuses, is left
// out and does not stop the others: the error is then a *BadRecordsError. A version without one good record is refused, with
// another error: so much damage is the writer's, and the version before serves better.
func Decode[R any](records map[string][]byte, take func(id string, record R) error) error {
	faults := map[string]error{}
	for id, text := range records {
		var record R
		err := json.Unmarshal(text, &record)
		if err == nil {
			err = take(id, record)
		}
		if err != nil {
			faults[id] = err
		}
	}
	switch bad := (&BadRecordsError{faults}); {
	case len(faults) == 0:
		return nil
	case len(faults) == len(records):
		return fmt.Errorf("no good record: %s", bad.Error()) // not wrapped: it is no *BadRecordsError, which would leave the version in use
	default:
		return bad
	}
}
