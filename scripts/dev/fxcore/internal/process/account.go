package process

import (
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// Account is whom a process runs as. The zero Account is the caller.
type Account struct {
	Credential   *syscall.Credential
	Capabilities []uintptr
}

// capabilityReadSearch lets a process pass through folders that are closed to it (capabilities(7), CAP_DAC_READ_SEARCH).
const capabilityReadSearch = 2

// ServerAccount is the named user when the caller is root, since a server should not be root and PostgreSQL refuses to
// be; otherwise the caller. A clone below a closed folder, such as /root, is reached by the one capability that this needs.
func ServerAccount(name, folder string) (Account, error) {
	if os.Geteuid() != 0 {
		return Account{}, nil
	}
	u, err := user.Lookup(name)
	if err != nil {
		return Account{}, fmt.Errorf("find user %s, which its Debian package creates: %w", name, err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read id of user %s: %w", name, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return Account{}, fmt.Errorf("read group of user %s: %w", name, err)
	}
	a := Account{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	if !Open(folder) {
		a.Capabilities = []uintptr{capabilityReadSearch}
	}
	return a, nil
}

// Own makes the account the owner of a folder, which is made if it is missing, and of all that is in it.
func (a Account) Own(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if a.Credential == nil {
		return nil
	}
	root, err := os.OpenRoot(folder) // nothing outside it, whatever links the server's user made
	if err != nil {
		return fmt.Errorf("own data folder: %w", err)
	}
	defer func() { _ = root.Close() }()
	own := func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return root.Lchown(path, int(a.Credential.Uid), int(a.Credential.Gid))
	}
	if err := fs.WalkDir(root.FS(), ".", own); err != nil {
		return fmt.Errorf("own data folder: %w", err)
	}
	return nil
}

// Open tells whether everyone may pass through the folder and all those above it.
func Open(folder string) bool {
	for {
		info, err := os.Stat(folder)
		if err != nil || info.Mode().Perm()&0o001 == 0 {
			return false
		}
		above := filepath.Dir(folder)
		if above == folder {
			return true
		}
		folder = above
	}
}
