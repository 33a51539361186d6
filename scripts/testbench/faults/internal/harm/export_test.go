package harm

import (
	"fmt"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Known returns an error if the package has no act for that kind of fault.
func Known(kind schedule.Kind) error {
	if acts()[kind] == nil {
		return fmt.Errorf("there is no act for the fault %s", kind)
	}
	return nil
}

// All returns the process and all its descendants.
func All(p Process) []Process { return p.all() }
