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

// Account is the user that a process runs as. The zero Account is the caller.
type Account struct {
	Credential   *syscall.Credential
	Capabilities []uintptr
}

// capabilityReadSearch lets a process pass through folders that are closed to it (capabilities(7),
// CAP_DAC_READ_SEARCH).
const capabilityReadSearch = 2

// ServerAccount returns the named user if the caller is root, because a server should not run as root and PostgreSQL
// refuses to. Otherwise it returns the caller. If the folder is below a closed one, such as /root, the account also
// gets the capability to pass through it.
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

// ProgramAccount returns a user and a group of that number if the caller is root. No file of users needs to list them. Otherwise
// it returns the caller. The account has no capability.
func ProgramAccount(number int) Account {
	if os.Geteuid() != 0 {
		return Account{}
	}
	return Account{Credential: &syscall.Credential{Uid: uint32(number), Gid: uint32(number)}} //nolint:gosec // the caller's choice
}

// Names returns the names of the account's user and of its group.
func (a Account) Names() (name, group string, err error) {
	uid, gid := os.Geteuid(), os.Getegid()
	if a.Credential != nil {
		uid, gid = int(a.Credential.Uid), int(a.Credential.Gid)
	}
	u, err := user.LookupId(strconv.Itoa(uid))
	if err != nil {
		return "", "", fmt.Errorf("find the name of user %d: %w", uid, err)
	}
	g, err := user.LookupGroupId(strconv.Itoa(gid))
	if err != nil {
		return "", "", fmt.Errorf("find the name of group %d: %w", gid, err)
	}
	return u.Username, g.Name, nil
}

// Own makes the account the owner of a folder and of everything in it. It makes the folder if it is missing.
func (a Account) Own(folder string) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make data folder: %w", err)
	}
	if a.Credential == nil {
		return nil
	}
	root, err := os.OpenRoot(folder) // never changes files outside the folder, even if the server's user has made links
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

// Open reports whether every user may pass through the folder and all folders above it.
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
