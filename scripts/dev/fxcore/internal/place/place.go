// Package place makes a folder ready to run in: nothing left over from before, room on the disk, a block of free ports.
package place

import (
	"errors"
	"fmt"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Place is a locked folder with its ports.
type Place struct {
	Folder  folder.Folder
	Ports   ports.Block
	Release func() // gives up both
}

// Take locks the folder and makes it ready. pinned is a base port that the user insists on, or 0. say hears what is
// done on the way.
func Take(path string, pinned int, say func(string)) (Place, error) {
	f, err := folder.Open(path)
	if err != nil {
		return Place{}, fmt.Errorf("%w\n%s must be writable by you: an earlier run as root? then: sudo make clean", err, path)
	}
	release, err := f.Lock()
	if err != nil {
		if errors.Is(err, folder.ErrInUse) {
			err = fmt.Errorf("%w\nsee it with make status, end it with make stop", err)
		}
		return Place{}, err
	}
	if err := ready(f, say); err != nil {
		release()
		return Place{}, err
	}
	block, yield, err := holdPorts(f, pinned, say)
	if err != nil {
		release()
		return Place{}, err
	}
	return Place{Folder: f, Ports: block, Release: func() { yield(); release() }}, nil
}

func ready(f folder.Folder, say func(string)) error {
	swept, err := supervisor.Sweep(f)
	if err != nil {
		return fmt.Errorf("clean up after the last run: %w", err)
	}
	if swept > 0 {
		say(fmt.Sprintf("ended %d processes that the last run left behind", swept))
	}
	return room(f)
}

// room is what a start needs on the disk: RabbitMQ stops accepting messages below 500 MB, Postgres' log takes up to 2 GB.
func room(f folder.Folder) error {
	const needed = 1 << 30
	var disk syscall.Statfs_t
	if err := syscall.Statfs(string(f), &disk); err != nil {
		return fmt.Errorf("look at disk: %w", err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < needed {
		return fmt.Errorf("no room: %d MB free on the disk of %s, a start needs %d MB\nmake clean gives back what this clone holds; du -xh / | sort -h shows what else is large",
			free>>20, f, needed>>20)
	}
	return nil
}

// portsFile keeps the choice, so that addresses stay the same from start to start.
type portsFile struct {
	Base ports.Block `json:"base"`
}

func holdPorts(f folder.Folder, pinned int, say func(string)) (b ports.Block, release func(), err error) {
	if pinned != 0 {
		b := ports.Block(pinned)
		release, taken := b.Hold()
		if taken != 0 {
			return 0, nil, fmt.Errorf("port %d (%s) is in use by %s\nstop that, or choose another block of %d ports with PORT_BASE=, or leave PORT_BASE out to have one chosen",
				taken, b.Name(taken), ports.Holder(taken), ports.Size)
		}
		return b, release, nil
	}
	var kept portsFile
	if err := f.ReadJSON("ports.json", &kept); err != nil {
		return 0, nil, err
	}
	if kept.Base != 0 {
		release, taken := kept.Base.Hold()
		if taken == 0 {
			return kept.Base, release, nil
		}
		say(fmt.Sprintf("port %d (%s) is in use by %s: choosing other ports for all; make status shows them", taken, kept.Base.Name(taken), ports.Holder(taken)))
	}
	if b, release, err = ports.Choose(); err != nil {
		return 0, nil, err
	}
	if err := f.WriteJSON("ports.json", portsFile{Base: b}, 0o644); err != nil {
		release()
		return 0, nil, err
	}
	return b, release, nil
}
