package harm

import (
	"fmt"

	"fxcore/scripts/testbench/faults/internal/schedule"
)

// Known is an error if nobody knows how to do a fault of that kind.
func Known(kind schedule.Kind) error {
	if acts()[kind] == nil {
		return fmt.Errorf("nobody knows how to %s", kind)
	}
	return nil
}
