// Package place makes a folder ready to run in: nothing left over from before, room on the disk, a block of free ports.
package place

import (
	"errors"
	"fmt"
	"syscall"

	"fxcore/scripts/fxcore/internal/folder"
	"fxcore/scripts/fxcore/internal/ports"
	"fxcore/scripts/fxcore/internal/supervisor"
)

// Place is a locked folder with its ports.
type Place struct {
	Folder  folder.Folder
	Ports   ports.Block
	Release func() // gives up the lock
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
	p := Place{Folder: f, Release: release}
	if err := p.ready(pinned, say); err != nil {
		release()
		return Place{}, err
	}
	return p, nil
}

func (p *Place) ready(pinned int, say func(string)) error {
	swept, err := supervisor.Sweep(p.Folder)
	if err != nil {
		return fmt.Errorf("clean up after the last run: %w", err)
	}
	if swept > 0 {
		say(fmt.Sprintf("ended %d processes that the last run left behind", swept))
	}
	if err := p.room(); err != nil {
		return err
	}
	p.Ports, err = choosePorts(p.Folder, pinned, say)
	return err
}

// room is what a start needs on the disk: RabbitMQ stops accepting messages below 500 MB, Postgres' log takes up to 2 GB.
func (p *Place) room() error {
	const needed = 1 << 30
	var disk syscall.Statfs_t
	if err := syscall.Statfs(string(p.Folder), &disk); err != nil {
		return fmt.Errorf("look at disk: %w", err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < needed {
		return fmt.Errorf("no room: %d MB free on the disk of %s, a start needs %d MB\nmake clean gives back what this clone holds; du -xh / | sort -h shows what else is large",
			free>>20, p.Folder, needed>>20)
	}
	return nil
}

// portsFile keeps the choice, so that addresses stay the same from start to start.
type portsFile struct {
	Base ports.Block `json:"base"`
}

func choosePorts(f folder.Folder, pinned int, say func(string)) (ports.Block, error) {
	if pinned != 0 {
		b := ports.Block(pinned)
		if taken := b.Taken(); taken != 0 {
			return 0, fmt.Errorf("port %d (%s) is in use by %s\nstop that, or choose another block of %d ports with PORT_BASE=, or leave PORT_BASE out to have one chosen",
				taken, b.Name(taken), ports.Holder(taken), ports.Size)
		}
		return b, nil
	}
	var kept portsFile
	if err := f.ReadJSON("ports.json", &kept); err != nil {
		return 0, err
	}
	if kept.Base != 0 {
		taken := kept.Base.Taken()
		if taken == 0 {
			return kept.Base, nil
		}
		say(fmt.Sprintf("port %d (%s) is in use by %s: choosing other ports for all; make status shows them", taken, kept.Base.Name(taken), ports.Holder(taken)))
	}
	chosen, err := ports.Choose()
	if err != nil {
		return 0, err
	}
	return chosen, f.WriteJSON("ports.json", portsFile{Base: chosen}, 0o644)
}
