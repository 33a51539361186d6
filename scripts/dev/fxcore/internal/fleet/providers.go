package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/broker"
)

const providersFile = "providers.json"

// account is one provider in the FIX gateway's file; gateways/fix/internal/provider explains each key.
type account struct {
	ID               string   `json:"id"`
	BeginString      string   `json:"begin_string"`
	DefaultApplVerID string   `json:"default_appl_ver_id,omitempty"`
	SenderCompID     string   `json:"sender_comp_id"`
	TargetCompID     string   `json:"target_comp_id"`
	User             string   `json:"user"`
	PasswordHash     string   `json:"password_hash"`
	Addresses        []string `json:"addresses"`
	PlainText        bool     `json:"plain_text"`
	ShowsLimits      bool     `json:"shows_limits"`
	Dialect          string   `json:"dialect"`
}

// usesFIX50 reports whether a demo provider speaks FIX 5.0SP2. The others speak FIX 4.4.
func usesFIX50(id string) bool {
	switch id {
	case "BETA", "DELTA", "SANDBOX50", "TEST2", "TEST4", "TEST6", "TEST8":
		return true
	default:
		return false
	}
}

// discreet reports whether a demo provider has an agreement by which it is told no figures of its clients' lines.
func discreet(id string) bool { return id == "TEST6" || id == "TEST7" }

// demoPassword is no secret: the demo's providers exist on this machine only.
func demoPassword(id string) string { return strings.ToLower(id) + "-demo" }

// writeProviders writes the FIX gateway's file with the demo's providers, unless it exists: someone may have edited
// it.
func (f Fleet) writeProviders(ctx context.Context) error {
	if _, err := os.Stat(f.Folder.Path(providersFile)); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, f.agree(providersFile))
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return fmt.Errorf("list providers: %w", err)
	}
	var file struct {
		Providers []account `json:"providers"`
	}
	for _, p := range bank.Providers {
		if p.Gateway() != "fix" {
			continue
		}
		a, err := f.account(ctx, p.ID)
		if err != nil {
			return err
		}
		file.Providers = append(file.Providers, a)
	}
	return f.Folder.WriteJSON(providersFile, file, 0o600)
}

// providers returns the providers of each gateway that is built, from the gateways' files. It writes the files first, unless they exist.
func (f Fleet) providers(ctx context.Context) (broker.Providers, error) {
	all := broker.Providers{}
	for _, of := range []struct {
		gateway, name string
		write         func(context.Context) error
	}{
		{"fix", providersFile, f.writeProviders}, {"socket", socketProvidersFile, f.writeSocketProviders},
	} {
		s, err := f.Service(of.gateway)
		if err != nil {
			return nil, err
		}
		if f.missing(s) {
			continue
		}
		if err := of.write(ctx); err != nil {
			return nil, err
		}
		var file struct {
			Providers []struct {
				ID string `json:"id"`
			} `json:"providers"`
		}
		if err := f.Folder.ReadJSON(of.name, &file); err != nil {
			return nil, err
		}
		for _, p := range file.Providers {
			all[of.gateway] = append(all[of.gateway], strings.ToLower(p.ID))
		}
	}
	return all, nil
}

// agree adds to a file of providers what an earlier version of the project has not written: that the demo's providers may come without
// TLS and see limits. What somebody has written stays.
func (f Fleet) agree(name string) error {
	var file map[string]json.RawMessage
	if err := f.Folder.ReadJSON(name, &file); err != nil {
		return err
	}
	var providers []map[string]json.RawMessage
	if err := json.Unmarshal(file["providers"], &providers); err != nil {
		return nil //nolint:nilerr // the gateway says what is wrong with it
	}
	changed := false
	for _, p := range providers {
		for _, key := range []string{"plain_text", "shows_limits"} {
			if _, written := p[key]; !written {
				p[key], changed = json.RawMessage("true"), true
			}
		}
	}
	if !changed {
		return nil
	}
	var err error
	if file["providers"], err = json.Marshal(providers); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.Folder.WriteJSON(name, file, 0o600)
}

func (f Fleet) account(ctx context.Context, id string) (account, error) {
	hash, err := f.hash(ctx, "fix", demoPassword(id))
	if err != nil {
		return account{}, err
	}
	a := account{
		ID: id, BeginString: "FIX.4.4", SenderCompID: id, TargetCompID: "FXCORE", User: strings.ToLower(id), PasswordHash: hash,
		Addresses: []string{"127.0.0.0/8"}, PlainText: true, ShowsLimits: !discreet(id), Dialect: "standard",
	}
	if usesFIX50(id) {
		a.BeginString, a.DefaultApplVerID = "FIXT.1.1", "9"
	}
	return a, nil
}

// hash runs the gateway to hash a password. It passes the password by standard input, because every user can see
// arguments.
func (f Fleet) hash(ctx context.Context, gateway, password string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(f.Bin, gateway), "-hash") //nolint:gosec // our own program
	cmd.Stdin = strings.NewReader(password + "\n")
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("hash a provider's password: %w", err)
	}
	return strings.TrimSpace(string(out)), nil
}
