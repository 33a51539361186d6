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

// socketAccount is one provider in the socket gateway's file; gateways/socket/internal/provider says what each key means.
type socketAccount struct {
	ID           string   `json:"id"`
	User         string   `json:"user"`
	PasswordHash string   `json:"password_hash"`
	Addresses    []string `json:"addresses"`
}

// bySocket tells which of the demo's providers come by socket; the others speak FIX.
func bySocket(id string) bool { return id == "SANDBOXS" || strings.HasPrefix(id, "STEST") }

// socketUser is the id as far as a login has room for it.
func socketUser(id string) string {
	if id == "SANDBOXS" {
		return "sandbs"
	}
	return strings.ToLower(id)
}

// socketPassword is known to everyone who reads this, and as long as a login allows.
func socketPassword(user string) string { return user + "demo" }

// writeSocketProviders gives the gateway the demo's providers, unless the file is there: it may have been changed by hand.
func (f Fleet) writeSocketProviders(ctx context.Context) error {
	if _, err := os.Stat(f.Folder.Path(socketProvidersFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return fmt.Errorf("list providers: %w", err)
	}
	var file struct {
		Providers []socketAccount `json:"providers"`
	}
	for _, p := range bank.Providers {
		if !bySocket(p.ID) {
			continue
		}
		user := socketUser(p.ID)
		hash, err := f.hash(ctx, "socket", socketPassword(user))
		if err != nil {
			return err
		}
		file.Providers = append(file.Providers, socketAccount{ID: p.ID, User: user, PasswordHash: hash, Addresses: []string{"127.0.0.0/8"}})
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

// socket: providers come by HAProxy, which does the TLS and says who they are.
func (f Fleet) socket() []string {
	return []string{"SOCKET_PROVIDERS_FILE=" + f.Folder.Path(socketProvidersFile), "SOCKET_PROXY_FROM=127.0.0.1/32"}
}

func (f Fleet) socketPorts(replica int) []string {
	return []string{"SOCKET_ADDR=" + f.address(f.Ports.SocketInstance(replica))}
}
