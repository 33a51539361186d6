package trial

import (
	"fmt"
	"os"
	"path/filepath"

	"fxcore/scripts/testbench/faults/internal/report"
	"fxcore/scripts/testbench/oracle"
)

// Keep writes what is known of a failed run to a folder: the result with the schedule, the judged evidence, the
// providers' records, and the logs of all processes since the core's start. It deletes the folder first.
func (c *Core) Keep(folder string, r report.Run, e oracle.Evidence) error {
	if err := os.RemoveAll(folder); err != nil {
		return fmt.Errorf("keep run: %w", err)
	}
	for from, to := range map[string]string{filepath.Join(c.folder, "log"): "log", c.records(): "records"} {
		if err := os.CopyFS(filepath.Join(folder, to), os.DirFS(from)); err != nil {
			return fmt.Errorf("keep run: %w", err)
		}
	}
	if err := report.WriteJSON(filepath.Join(folder, "run.json"), r); err != nil {
		return err
	}
	return report.WriteJSON(filepath.Join(folder, "evidence.json"), e)
}
