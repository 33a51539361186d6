package supervisor

import (
	"errors"
	"fmt"
	"time"

	"fxcore/scripts/dev/fxcore/internal/folder"
)

// Sweep ends the processes that a killed supervisor left behind: those of its record that are still the same
// processes. It returns how many there were. The caller must hold the folder's lock.
func Sweep(f folder.Folder) (int, error) {
	record, err := Read(f)
	if err != nil {
		return 0, err
	}
	swept := 0
	var failed []error
	for i := len(record.Processes) - 1; i >= 0; i-- {
		p := record.Processes[i]
		if !p.Identity.Alive() {
			continue
		}
		swept++
		if err := p.Identity.End(p.Stop, 20*time.Second); err != nil {
			failed = append(failed, fmt.Errorf("end %s: %w", p.Name, err))
		}
	}
	return swept, errors.Join(failed...)
}
