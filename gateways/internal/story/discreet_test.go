package story_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"fxcore/gateways/internal/story"
	"fxcore/services/contract/reason"
)

// figures are what a text about lines has: an amount, or a line's name.
var figures = regexp.MustCompile(`[0-9],?[0-9]{2}|limit [0-9]|collateral|used |(client|group|desk|trader)/`)

// The samples of linecheck name the client's limit, its usage and its collateral. A provider whose agreement does not say so learns none.
func TestNoFigureOfALineIsLeft(t *testing.T) {
	samples := filepath.Join("..", "..", "..", "services", "linecheck", "internal", "messages", "samples")
	var check story.CheckEnd[json.RawMessage]
	read(t, filepath.Join(samples, "linecheck.rejected.v1.json"), &check)
	if !figures.MatchString(check.Rejected.Text) || len(check.Rejected.Nodes) == 0 {
		t.Fatalf("the sample has no figures: %+v", check.Rejected)
	}
	if told := check.WithoutLimits().Rejected; told.Code != reason.LineExceeded || figures.MatchString(told.Text) || told.Nodes != nil {
		t.Errorf("told %+v", told)
	}
	var trade story.TradeEnd[json.RawMessage]
	read(t, filepath.Join(samples, "trade.rejected.v1.json"), &trade)
	if told := trade.WithoutLimits().Rejected; figures.MatchString(told.Text) || told.Nodes != nil {
		t.Errorf("told %+v", told)
	}
	var done story.CheckEnd[json.RawMessage]
	read(t, filepath.Join(samples, "linecheck.completed.v1.json"), &done)
	if told := done.WithoutLimits().Result; told == nil || told.Nodes != nil || told.Decision != done.Result.Decision {
		t.Errorf("told %+v", told)
	}
	flagged := story.TradeEnd[json.RawMessage]{Registered: &story.Registered{Flags: []story.Flag{
		{Flag: "line_exceeded", Text: "limit 5,000,000 USD; used 4,900,000"}, {Flag: "off_market", Text: "0.3 % off"},
	}}}
	if notes := flagged.WithoutLimits().Notes(); strings.Contains(notes, "4,900,000") || !strings.Contains(notes, "0.3 % off") {
		t.Errorf("told %s", notes)
	}
	if !strings.Contains(flagged.Notes(), "4,900,000") {
		t.Error("the event itself was changed")
	}
}

// read reads the data of a sample.
func read(t *testing.T, path string, data any) {
	t.Helper()
	content, err := os.ReadFile(path) //nolint:gosec // a sample of this project
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Data json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(content, &whole); err != nil {
		t.Fatal(err)
	}
	if whole.Data == nil {
		whole.Data = content
	}
	if err := json.Unmarshal(whole.Data, data); err != nil {
		t.Fatal(err)
	}
}
