package log_test

import (
	"runtime/debug"
	"testing"

	"fxcore/lambda/log"
)

func TestAVersionIsTheCommitAndSaysWhatNoCommitHas(t *testing.T) {
	t.Parallel()
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	commit := setting("vcs.revision", "0123456789abcdef0123456789abcdef01234567")
	for want, info := range map[string]debug.BuildInfo{
		"0123456789ab":         {Main: debug.Module{Version: "v0.0.0-x"}, Settings: []debug.BuildSetting{commit, setting("vcs.modified", "false")}},
		"0123456789ab-changed": {Settings: []debug.BuildSetting{commit, setting("vcs.modified", "true")}},
		"unknown":              {Main: debug.Module{Version: "(devel)"}},
		"v1.2.3":               {Main: debug.Module{Version: "v1.2.3"}},
	} {
		if got := log.VersionOf(&info); got != want {
			t.Errorf("version %q, want %q", got, want)
		}
	}
	if got := log.VersionOf(&debug.BuildInfo{}); got != "unknown" {
		t.Errorf("without anything recorded: %q", got)
	}
}
