package fleet

import (
	"os"
	"testing"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/services/contract/access"
)

func TestAuthsKeyIsDrawnOnceAndOnlyTheOwnerReadsIt(t *testing.T) {
	root, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := Fleet{Folder: root}
	var former string
	for range 2 {
		if err := f.writeKeys(); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(root.Path("secrets", accessKey))
		if err != nil || former != "" && former != string(text) {
			t.Fatalf("another key, or %v", err)
		}
		former = string(text)
	}
	var key access.PrivateKey
	if err := key.UnmarshalText([]byte(former[:len(former)-1])); err != nil {
		t.Fatal(err)
	}
	public, err := os.ReadFile(root.Path(accessPublicFile))
	if err != nil || string(public) != key.Public().String()+"\n" {
		t.Errorf("%s, %v", public, err)
	}
	if info, err := os.Stat(root.Path("secrets", accessKey)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// Each of the demo's users is a user of the demo's bank, in the same role.
func TestTheDemosUsersAreTheBanks(t *testing.T) {
	bank := bankUsers(t)
	for _, u := range demoUsers() {
		if bank[u.ID] != u.Role || (u.Secret == "") != (u.Client == "") || (u.Password == "") != (u.TOTP == "") || (u.Secret == "") == (u.Password == "") {
			t.Errorf("%s is %s in the bank: %+v", u.ID, bank[u.ID], u)
		}
	}
}

// bankUsers returns the roles of the demo's bank, by user.
func bankUsers(t *testing.T) map[string]string {
	t.Helper()
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		t.Fatal(err)
	}
	roles := map[string]string{}
	for _, u := range bank.Users {
		roles[u.ID] = u.Role
	}
	return roles
}

// Programs and visitors come in as the demo's system that acts for every client.
func TestTheDemosSystemIsToldToPrograms(t *testing.T) {
	root, err := folder.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	f := Fleet{Folder: root}
	if got := f.apiAbout(); got != nil {
		t.Errorf("before the first start: %+v", got)
	}
	users := demoUsers()
	if err := root.WriteJSON(usersFile, users, 0o600); err != nil {
		t.Fatal(err)
	}
	want := users[len(users)-1]
	if got := f.apiAbout(); got == nil || got.DemoUser.User != want.ID || got.DemoUser.Secret != want.Secret || got.DemoUser.Grant != access.ClientCredentials {
		t.Errorf("%+v, want %+v", got, want)
	}
}
