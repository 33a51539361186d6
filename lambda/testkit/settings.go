package testkit

import (
	"strings"
	"testing"
)

// RefusesEach checks that the good settings are valid, and that they are not after any of the changes. The error must contain the
// key of the change: the variable that it spoils.
func RefusesEach[S interface{ Validate() error }](t testing.TB, good S, changes map[string]func(*S)) {
	t.Helper()
	if err := good.Validate(); err != nil {
		t.Errorf("good settings are refused: %v", err)
	}
	for names, change := range changes {
		spoiled := good
		change(&spoiled)
		if err := spoiled.Validate(); err == nil || !strings.Contains(err.Error(), names) {
			t.Errorf("error %v does not say %s", err, names)
		}
	}
}
