// Package place prepares a folder for a run: it ends processes of the last run, checks the disk, and reserves a block
// of ports.
package place

import (
	"errors"
	"fmt"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Place is a locked folder with a reserved block of ports.
type Place struct {
	Folder  folder.Folder
	Ports   ports.Block
	Release func() // gives up the lock and the ports
}

// Take locks the folder and prepares it. pinned is the base port that the user demands; 0 means any. say receives
// progress, one line at a time. Errors: folder.ErrInUse, or one that says what the user can do.
func Take(path string, pinned int, say func(string)) (Place, error) {
	f, err := folder.Open(path)
	if err != nil {
		return Place{}, fmt.Errorf("%w\n%s must be writable by you; if root started an earlier run: sudo make clean",
			err, path)
	}
	release, err := f.Lock()
	if err != nil {
		if errors.Is(err, folder.ErrInUse) {
			err = fmt.Errorf("%w\nshow it: make status; end it: make stop", err)
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

// room returns an error if the disk has less than 1 GB free. RabbitMQ refuses messages below 500 MB, and PostgreSQL's
// write-ahead log takes up to 2 GB.
func room(f folder.Folder) error {
	const needed = 1 << 30
	var disk syscall.Statfs_t
	if err := syscall.Statfs(string(f), &disk); err != nil {
		return fmt.Errorf("check the disk: %w", err)
	}
	if free := disk.Bavail * uint64(disk.Bsize); free < needed {
		return fmt.Errorf("not enough room: %d MB free on the disk of %s, a start needs %d MB\n"+
			"make clean frees what this clone uses; du -xh / | sort -h shows what else is large",
			free>>20, f, needed>>20)
	}
	return nil
}

// portsFile keeps the base port, so that ports stay the same from start to start.
type portsFile struct {
	Base ports.Block `json:"base"`
}

func holdPorts(f folder.Folder, pinned int, say func(string)) (b ports.Block, release func(), err error) {
	if pinned != 0 {
		b := ports.Block(pinned)
		release, taken := b.Hold()
		if taken != 0 {
			return 0, nil, fmt.Errorf("port %d (%s) is in use by %s\n"+
				"free it, or choose another block of %d ports with PORT_BASE=, or omit PORT_BASE to get a free one",
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
		say(fmt.Sprintf("port %d (%s) is in use by %s: all ports change; make status shows the new ones",
			taken, kept.Base.Name(taken), ports.Holder(taken)))
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
