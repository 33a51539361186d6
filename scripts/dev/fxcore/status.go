package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/fleet"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/screen"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/dev/fxcore/internal/watch"
)

// status looks at the core once and prints a report; as JSON with --json, even when nothing runs.
func status(ctx context.Context, o options, args []string) error {
	f, err := folder.Open(o.root)
	if err != nil {
		return err
	}
	record, err := supervisor.Read(f)
	if err != nil {
		return err
	}
	if !f.InUse() { // the record is from a killed supervisor
		record.State, record.Processes = supervisor.Stopped, nil
	}
	core := fleet.Fleet{Folder: f, Ports: ports.Block(record.Ports["postgres"]), Bin: o.bin}
	settings, err := core.Watch()
	if err != nil {
		return err
	}
	w := watch.New(ctx, settings)
	defer w.Close()
	r := w.Look(ctx, record)
	if o.json || slices.Contains(args, "--json") {
		out := json.NewEncoder(os.Stdout)
		out.SetIndent("", "  ")
		return out.Encode(r)
	}
	scr := screen.Screen{Colour: isTerminal(os.Stdout) && os.Getenv("NO_COLOR") == "", Connect: core.Connect()}
	if record.State == supervisor.Stopped || record.State == "" {
		fmt.Println("nothing runs; start the core with make run or make up")
		return nil
	}
	fmt.Println(strings.Join(scr.Draw(r, time.Now(), screen.Size{}), "\n"))
	return nil
}
