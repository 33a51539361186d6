package raw_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"fxcore/scripts/testbench/bench/internal/raw"
)

// The bench's README says what a trade of the chain costs, so that a reader can compare it with docs/messages.md.
func TestTheReadmeSaysWhatATradeCosts(t *testing.T) {
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	c := raw.PerTrade()
	if says := fmt.Sprintf("(%d, %d and %d;", c.Published, c.Delivered, c.Committed); !strings.Contains(string(page), says) {
		t.Errorf("the README does not say %q", says)
	}
}
