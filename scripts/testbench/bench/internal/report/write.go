package report

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// write writes a report to a file in a folder, which it makes.
func write(folder, name string, report any) error {
	text, err := json.MarshalIndent(report, "", "  ")
	if err == nil {
		err = os.MkdirAll(folder, 0o750)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, name), append(text, '\n'), 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
