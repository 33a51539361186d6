package command

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
)

// What comes from outside commands no terminal, and turns no direction: not in a table, not in JSON, not in a message on the wire.
func TestNothingFromOutsideCommandsTheTerminal(t *testing.T) {
	evil := "\u009b2J\x1b[2J\u202eevil\u2066\x7f\ue000\U000e0041"
	body, err := json.Marshal(map[string]any{"text": evil})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := writeJSON(&out, body); err != nil {
		t.Fatal(err)
	}
	var again map[string]string
	if err := json.Unmarshal([]byte(out.String()), &again); err != nil || again["text"] != evil {
		t.Errorf("the JSON means %q, %v", again["text"], err)
	}
	for what, shown := range map[string]string{"cell": text(evil), "wire": wire([]byte(evil)), "json": strings.ReplaceAll(out.String(), "\n", "")} {
		for _, r := range shown {
			if r != ' ' && !unicode.IsPrint(r) {
				t.Errorf("%s shows %U", what, r)
			}
		}
	}
}
