package probe

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fxcore/lambda/testkit"
	"fxcore/services/monitoring/internal/alert"
)

// fill writes files of so many bytes below a folder.
func fill(t *testing.T, files map[string]int) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, bytes := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, make([]byte, bytes), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestTheLargestFolderComesFirst(t *testing.T) {
	root := fill(t, map[string]int{"data/postgres/base/1": 300_000, "data/postgres/wal/2": 300_000, "data/redis/dump": 100_000, "log/auth.log": 200_000, "record": 50_000})
	all := sizesOf(t.Context(), root)
	var order []string
	for _, s := range all {
		if s.bytes >= 50_000 {
			order = append(order, s.folder)
		}
	}
	want := []string{"data/postgres", "log", "data/redis", "."}
	if len(order) != len(want) {
		t.Fatalf("%v", all)
	}
	for n := range want {
		if order[n] != want[n] {
			t.Errorf("%v, want %v", order, want)
		}
	}
}

func TestFoldersAreMeasuredBesideTheLookAndAgainWhenTheDiskFills(t *testing.T) {
	root, now := fill(t, map[string]int{"log/auth.log": 100_000}), time.Unix(1000, 0)
	f := &folders{}
	await := func(used float64, at time.Time, atLeast float64) {
		t.Helper()
		testkit.Eventually(t, "the folder", time.Minute, func() error {
			for _, s := range f.samples(t.Context(), root, used, at) {
				if s.Labels["folder"] == "log" && s.Value >= atLeast {
					return nil
				}
			}
			return errors.New("not yet")
		})
	}
	await(0.5, now, 100_000)
	if err := os.WriteFile(filepath.Join(root, "log", "more"), make([]byte, 500_000), 0o600); err != nil {
		t.Fatal(err)
	}
	if all := f.samples(t.Context(), root, 0.5, now.Add(folderHurry)); len(all) == 0 || worth(all) >= 500_000 {
		t.Errorf("measured again although the disk has room: %v", all)
	}
	await(0.9, now.Add(folderHurry), 600_000)
}

func worth(all []alert.Sample) (sum float64) {
	for _, s := range all {
		sum += s.Value
	}
	return sum
}
