package record

import (
	"fmt"
	"os"
	"path/filepath"

	"fxcore/scripts/testbench/oracle"
)

// Folder adds all records of a folder to the evidence: its files with the ending .jsonl.
func Folder(folder string, e *oracle.Evidence) error {
	files, err := filepath.Glob(filepath.Join(folder, "*.jsonl"))
	if err != nil {
		return fmt.Errorf("list records: %w", err)
	}
	for _, name := range files {
		file, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		err = Read(file, name, e)
		_ = file.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
