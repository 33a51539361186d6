package log

import (
	"cmp"
	"runtime/debug"
)

// Changed ends the version of a program that was built from a tree with changes that no commit has.
const Changed = "-changed"

// Version is the program's version as the build recorded it: the first 12 digits of the commit, with [Changed] after them if the tree was
// not that commit's, else the module's version. The version of a build without git is "unknown".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return unknown
	}
	return VersionOf(info)
}

const unknown = "unknown"

// VersionOf is [Version] of any program, from what its build recorded.
func VersionOf(info *debug.BuildInfo) string {
	recorded := map[string]string{}
	for _, s := range info.Settings {
		recorded[s.Key] = s.Value
	}
	commit := recorded["vcs.revision"]
	switch {
	case commit == "" && info.Main.Version == "(devel)":
		return unknown
	case commit == "":
		return cmp.Or(info.Main.Version, unknown)
	case recorded["vcs.modified"] != "false":
		return short(commit) + Changed
	}
	return short(commit)
}

func short(commit string) string { return commit[:min(len(commit), 12)] }
