package fleet

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"fxcore/scripts/dev/fxcore/internal/process"
)

// Environment returns the settings that all replicas of a service share, with each secret as the name of a file. Whoever
// adds a name and a health address can start one more replica by hand, as a user who may read the files.
func (f Fleet) Environment(s Service) ([]string, error) {
	env, _, err := f.private(s.Name, f.settings(s, 0))
	return env, err
}

// settings returns what finds the settings of one replica, or with 0 those that all share, as they are when it is called: secrets change while
// the core runs.
func (f Fleet) settings(s Service, replica int) func() ([]string, error) {
	return func() ([]string, error) {
		if now, err := f.Service(s.Name); err == nil {
			s = now
		}
		plain, err := f.Settings(s)
		if err != nil || replica == 0 {
			return plain, err
		}
		if s.Each != nil {
			plain = append(plain, s.Each(replica)...)
		}
		return f.Links.apply(idOf(s, replica), plain)
	}
}

func idOf(s Service, replica int) string { return s.Name + "-" + strconv.Itoa(replica) }

// ownerOf returns the folder with a replica's secrets, and the replica whose settings they are: all replicas read the same files, except one that
// has links.
func (f Fleet) ownerOf(s Service, replica int) string {
	if id := idOf(s, replica); len(f.Links[id]) > 0 {
		return id
	}
	return s.Name
}

// private moves the secrets among settings into files in the owner's folder, secrets/<owner>: NAME becomes NAME_FILE. A file
// that a setting names is copied there as well, because its own folder may be closed to the program. Each file gets what the settings say when it
// is written.
func (f Fleet) private(owner string, settings func() ([]string, error)) (env []string, files []process.File, err error) {
	plain, err := settings()
	if err != nil {
		return nil, nil, err
	}
	for _, line := range plain {
		name, value, _ := strings.Cut(line, "=")
		switch path := f.Folder.Path("secrets", owner, strings.TrimSuffix(name, "_FILE")); {
		case name == ownCertificate:
			env = append(env, name+"="+path)
			files = append(files, process.File{Path: path, Content: func() ([]byte, error) { return f.certificateOf(value, path, false) }})
		case isSecret(name, value):
			env = append(env, name+"_FILE="+path)
			files = append(files, process.File{Path: path, Content: func() ([]byte, error) { return settingNow(settings, name) }})
		case isCopied(name):
			env = append(env, name+"="+path)
			files = append(files, process.File{Path: path, Content: func() ([]byte, error) { return os.ReadFile(value) }})
		default:
			env = append(env, line)
		}
	}
	return env, files, nil
}

// settingNow returns the value of a setting.
func settingNow(settings func() ([]string, error), name string) ([]byte, error) {
	plain, err := settings()
	if err != nil {
		return nil, err
	}
	for _, line := range plain {
		if value, is := strings.CutPrefix(line, name+"="); is {
			return []byte(value), nil
		}
	}
	return nil, fmt.Errorf("%s is set no more", name)
}

// isSecret reports whether a setting is a password or a list of secret keys, or an address with a password.
func isSecret(name, value string) bool {
	if strings.HasSuffix(name, "_PASSWORD") || name == proofKeys || name == accessKeys {
		return true
	}
	u, err := url.Parse(value)
	return err == nil && u.User != nil
}

// isCopied reports whether a setting names a file that the program reads once, when it starts. It reads the file of its
// providers again and again, so that one stays where people edit it.
func isCopied(name string) bool {
	return name == "ICINGA_CA" || strings.HasSuffix(name, "_FILE") && !strings.HasSuffix(name, "_PROVIDERS_FILE")
}

// owner returns the user of a program, which is the program's alone: its number is that of the program's first health port,
// and no other program, and no other clone on this machine, has that port.
func (f Fleet) owner(s Service) process.Account { return process.ProgramAccount(f.health(s, 1)) }

// owns returns the folders that a program writes to.
func (f Fleet) owns(s Service) []string {
	folders := []string{f.temporary(s)}
	if s.Name == "mainframe-simulator" {
		folders = append(folders, f.Folder.Data("mainframe"))
	}
	return folders
}

func (f Fleet) temporary(s Service) string { return f.Folder.Path("tmp", s.Name) }

// enable lets every user run a program of ours, whatever the mask of who has built it.
func (f Fleet) enable(s Service) error {
	if os.Geteuid() != 0 {
		return nil
	}
	if err := errors.Join(os.Chmod(f.Bin, 0o755), os.Chmod(filepath.Join(f.Bin, s.Name), 0o755)); err != nil { //nolint:gosec // programs hold no secret
		return fmt.Errorf("let %s run as its own user: %w", s.Name, err)
	}
	return nil
}

// give lets a gateway read the file of its providers. People edit the file: whoever replaces it makes it theirs.
func (f Fleet) give(s Service) error {
	name, routed := map[string]string{"fix": providersFile, "socket": socketProvidersFile}[s.Name]
	owner := f.owner(s).Credential
	if !routed || owner == nil {
		return nil
	}
	if err := os.Chown(f.Folder.Path(name), int(owner.Uid), int(owner.Gid)); err != nil {
		return fmt.Errorf("let %s read its providers: %w", s.Name, err)
	}
	return nil
}

// reachable returns the process so that its account finds everything also if a folder above the core's is closed to it,
// as /root is: the process inherits the core's folder, and names everything from there.
func (f Fleet) reachable(s process.Spec) process.Spec {
	if s.Account.Credential == nil || process.Open(string(f.Folder)) {
		return s
	}
	for i, line := range s.Env {
		s.Env[i] = strings.ReplaceAll(line, string(f.Folder)+"/", "")
	}
	if path, err := filepath.Rel(string(f.Folder), s.Path); err == nil {
		s.Path = path
	}
	return s
}
