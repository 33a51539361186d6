package fleet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/dev/fxcore/internal/server"
)

const socketProvidersFile = "socket-providers.json"

// socketAccount is one provider in the socket gateway's file; gateways/socket/internal/provider explains each key.
type socketAccount struct {
	ID           string   `json:"id"`
	User         string   `json:"user"`
	PasswordHash string   `json:"password_hash"`
	Addresses    []string `json:"addresses"`
	PlainText    bool     `json:"plain_text"`
	ShowsLimits  bool     `json:"shows_limits"`
}

// socketUser returns the id, cut to the length of a user name in a login.
func socketUser(id string) string {
	if id == "SANDBOXS" {
		return "sandbs"
	}
	return strings.ToLower(id)
}

// socketPassword is no secret: the demo's providers exist on this machine only.
func socketPassword(user string) string { return user + "demo" }

// writeSocketProviders writes the socket gateway's file with the demo's providers, unless it exists: someone may have
// edited it.
func (f Fleet) writeSocketProviders(ctx context.Context) error {
	if _, err := os.Stat(f.Folder.Path(socketProvidersFile)); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, f.agree(socketProvidersFile))
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return fmt.Errorf("list providers: %w", err)
	}
	var file struct {
		Providers []socketAccount `json:"providers"`
	}
	for _, p := range bank.Providers {
		if p.Gateway() != "socket" {
			continue
		}
		user := socketUser(p.ID)
		hash, err := f.hash(ctx, "socket", socketPassword(user))
		if err != nil {
			return err
		}
		file.Providers = append(file.Providers, socketAccount{ID: p.ID, User: user, PasswordHash: hash, Addresses: []string{"127.0.0.0/8"}, PlainText: true, ShowsLimits: true})
	}
	return f.Folder.WriteJSON(socketProvidersFile, file, 0o600)
}

func (f Fleet) socketProviders() ([]server.Provider, error) {
	var file struct {
		Providers []socketAccount `json:"providers"`
	}
	if err := f.Folder.ReadJSON(socketProvidersFile, &file); err != nil {
		return nil, err
	}
	var all []server.Provider
	for _, a := range file.Providers {
		p, err := server.SocketProvider(a.ID, a.User)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", socketProvidersFile, err)
		}
		all = append(all, p)
	}
	return all, nil
}

// socket returns the socket gateway's settings. HAProxy ends the TLS, and passes on the peer's address
// and certificate name by the PROXY protocol.
func (f Fleet) socket() []string {
	return append(f.behindRouter("SOCKET_"), "SOCKET_PROVIDERS_FILE="+f.Folder.Path(socketProvidersFile))
}

func (f Fleet) socketPorts(replica int) []string {
	return []string{"SOCKET_ADDR=" + f.address(f.Ports.SocketInstance(replica))}
}
