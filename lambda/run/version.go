package run

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"

	"fxcore/lambda/log"
)

// Version does nothing unless the program has the argument -version. Then it prints the program's name, its version, when the commit was
// made, and Go's version, and ends the process. Call it first in a main function; [Describe] does so.
func Version() {
	if !slices.Contains(os.Args[1:], "-version") {
		return
	}
	_, _ = fmt.Fprintln(os.Stdout, filepath.Base(os.Args[0]), About())
	os.Exit(exitDone)
}

// About is what -version prints after the program's name.
func About() string {
	about := log.Version()
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.time" {
				about += " of " + s.Value
			}
		}
	}
	return about + ", " + runtime.Version()
}
