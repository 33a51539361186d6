package messages_test

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fxcore/services/linecheck/internal/messages"
)

func TestEachPublicationHasASampleAndEachSampleAPublication(t *testing.T) {
	t.Parallel()
	published, kept := map[string]bool{}, map[string]bool{}
	for _, p := range messages.Publications() {
		published[p.Type.String()+".json"] = true
		if p.Exchange == "" || p.Purpose == "" || !json.Valid(p.Sample) {
			t.Errorf("%+v", p)
		}
	}
	files, err := filepath.Glob("samples/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		kept[filepath.Base(f)] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(published)), slices.Sorted(maps.Keys(kept))); diff != "" {
		t.Error(diff)
	}
}
