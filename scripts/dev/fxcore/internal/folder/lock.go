package folder

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// ErrInUse says that another supervisor runs in this folder.
var ErrInUse = errors.New("this folder is in use by a running supervisor")

// Lock makes the caller the folder's only supervisor until it calls release or its process ends in any way. The
// kernel holds the lock. Lock returns ErrInUse at once if another supervisor holds it.
func (f Folder) Lock() (release func(), err error) {
	file, err := os.OpenFile(f.Path("lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, ErrInUse
		}
		return nil, fmt.Errorf("lock folder: %w", err)
	}
	return func() { _ = file.Close() }, nil
}

// InUse reports whether a supervisor runs in this folder.
func (f Folder) InUse() bool {
	release, err := f.Lock()
	if err == nil {
		release()
	}
	return errors.Is(err, ErrInUse)
}
