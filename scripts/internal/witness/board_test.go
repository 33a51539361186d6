package witness

import (
	"testing"

	"fxcore/scripts/internal/desk"
)

func TestABoardShowsOnlyTheChecksOfOthers(t *testing.T) {
	var b Board
	if _, found := b.other("TEST1"); found {
		t.Error("a check on an empty board")
	}
	b.post("TEST1", desk.Request{ID: "one"})
	if got, found := b.other("TEST1"); found {
		t.Errorf("its own check: %+v", got)
	}
	if got, found := b.other("TEST2"); !found || got.ID != "one" {
		t.Errorf("%+v, %v", got, found)
	}
}
