package fleet

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// usersFile has the credentials of the demo's users.
const usersFile = "secrets/users.json"

// User is one of the demo's users who can come in by the API, with what it needs for that.
type User struct {
	ID       string `json:"user"`
	Role     string `json:"role"`
	Password string `json:"password,omitempty"` // of a person
	TOTP     string `json:"totp,omitempty"`     // of a person: the secret of one-time codes, in base32
	Client   string `json:"client,omitempty"`   // of a system
	Secret   string `json:"secret,omitempty"`   // of a system
}

// demoUsers returns a user of each role, a second trader, whose own line is small, a second person of operations, who approves what the first
// one proposes, and a second system that acts for every client: with newly drawn secrets.
func demoUsers() []User {
	person := func(id, role string) User { return User{ID: id, Role: role, Password: rand.Text(), TOTP: drawTOTP()} }
	system := func(id, client string) User {
		return User{ID: id, Role: "system", Client: client, Secret: rand.Text() + rand.Text()}
	}
	return []User{
		person("U0001", "trader"), person("U0003", "trader"), person(onCallUser, "operations"), person("U0014", "compliance"), person("U0015", "sales"),
		person("U0021", "operations"), system("U0019", "C000900"), system("U0020", "*"),
	}
}

func drawTOTP() string {
	secret := make([]byte, 20)
	_, _ = rand.Read(secret) // never fails
	return base32.StdEncoding.EncodeToString(secret)
}

// demoUser returns the system that acts for every client.
func (f Fleet) demoUser() (User, error) {
	users, err := f.Users()
	if err != nil {
		return User{}, err
	}
	i := slices.IndexFunc(users, func(u User) bool { return u.Client == "*" })
	if i < 0 {
		return User{}, fmt.Errorf("no user in %s acts for every client", usersFile)
	}
	return users[i], nil
}

// welcome gives the demo's users their credentials, and writes env/demo: what a visitor needs to call the API by hand.
func (f Fleet) welcome(ctx context.Context) error {
	if err := f.setCredentials(ctx); err != nil {
		return err
	}
	demo, err := f.demoUser()
	if err != nil {
		return err
	}
	return f.Folder.WriteEnv("demo", []string{
		"API=https://" + f.address(f.Ports.API()), "OPERATIONS=https://" + f.address(f.Ports.Operations()), "CA=" + server.CAFile(f.Folder), "DEMO_USER=" + demo.ID, "DEMO_SECRET=" + demo.Secret,
	})
}

// setCredentials gives the demo's users credentials with drawn secrets, unless they have some. Only the run's folder has the
// secrets.
func (f Fleet) setCredentials(ctx context.Context) error {
	if _, err := os.Stat(f.Folder.Path(usersFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	service, err := f.Service("auth")
	if err != nil {
		return err
	}
	env, err := f.Environment(service)
	if err != nil {
		return err
	}
	users := demoUsers()
	for _, u := range users {
		if err := f.setCredential(ctx, env, u); err != nil {
			return err
		}
	}
	return f.Folder.WriteJSON(usersFile, users, 0o600)
}

// setCredential runs auth's command for on-call. It passes the secrets by standard input, because every user can see arguments.
func (f Fleet) setCredential(ctx context.Context, env []string, u User) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	args := []string{"credential", "person", "-reason", "demo", u.ID}
	if u.Secret != "" {
		args = []string{"credential", "system", "-reason", "demo", "-client", u.Client, u.ID}
	}
	cmd := exec.CommandContext(ctx, filepath.Join(f.Bin, "auth"), args...) //nolint:gosec // our own program
	cmd.Env = env
	cmd.Stdin = strings.NewReader(cmp.Or(u.Secret, u.Password) + "\n" + u.TOTP + "\n")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("set the credential of user %s: %w: %s", u.ID, err, out)
	}
	return nil
}

// Users returns the demo's users and their secrets; none before the first start.
func (f Fleet) Users() (users []User, err error) {
	err = f.Folder.ReadJSON(usersFile, &users)
	return users, err
}
