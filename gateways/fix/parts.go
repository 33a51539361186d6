package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"fxcore/gateways/fix/internal/dialect"
	"fxcore/gateways/fix/internal/front"
	"fxcore/gateways/fix/internal/variation"
	"fxcore/lambda/run"
)

func newFront(app *run.App, cfg front.Config) *front.Front {
	f, err := front.New(cfg, front.Counts{
		Refused: app.Health.Counter("front.logons_refused").Add,
		Garbled: app.Health.Counter("front.messages_garbled").Add,
		TooLong: app.Health.Counter("front.messages_too_long").Add,
	}, app.Log)
	if err != nil {
		panic(fmt.Sprintf("settings were not validated: %v", err))
	}
	f.NoteFor(app.Audit)
	return f
}

// dictionaries are files for as long as the program runs: the engine reads no others.
type dictionaries struct {
	mu     sync.Mutex
	folder string
	known  map[string]map[string]string // paths by dialect
}

func (d *dictionaries) open(context.Context) error {
	folder, err := os.MkdirTemp("", "fix-dictionaries-")
	if err != nil {
		return fmt.Errorf("write dictionaries: %w", err)
	}
	d.folder, d.known = folder, map[string]map[string]string{}
	return nil
}

// paths writes a dialect's dictionaries when they are asked for first.
func (d *dictionaries) paths(v variation.Variation) (map[string]string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := fmt.Sprintf("%+v", v)
	if paths, known := d.known[key]; known {
		return paths, nil
	}
	folder := filepath.Join(d.folder, strconv.Itoa(len(d.known)))
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, fmt.Errorf("write dictionaries: %w", err)
	}
	paths, err := dialect.WriteDictionaries(folder, v)
	if err != nil {
		return nil, fmt.Errorf("write dictionaries: %w", err)
	}
	d.known[key] = paths
	return paths, nil
}

func (d *dictionaries) remove(context.Context) error { return os.RemoveAll(d.folder) }
