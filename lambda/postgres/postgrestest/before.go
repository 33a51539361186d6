package postgrestest

import (
	"io/fs"
	"slices"
	"testing"
	"testing/fstest"
)

// Before returns the migrations of a set that are older than the named one. A schema with them is one that was not updated yet.
func Before(t testing.TB, set fs.FS, name string) fs.FS {
	t.Helper()
	files, err := fs.Glob(set, "migrations/*.sql") // sorted
	if err != nil {
		t.Fatal(err)
	}
	end := slices.Index(files, "migrations/"+name)
	if end < 1 {
		t.Fatalf("%s is not a later one of %v", name, files)
	}
	earlier := fstest.MapFS{}
	for _, file := range files[:end] {
		text, err := fs.ReadFile(set, file)
		if err != nil {
			t.Fatal(err)
		}
		earlier[file] = &fstest.MapFile{Data: text}
	}
	return earlier
}
