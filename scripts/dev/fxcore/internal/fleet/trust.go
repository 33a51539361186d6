package fleet

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/broker"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract"
)

// Files that tell programs whom they may believe. They are no secrets.
const (
	publishersFile = "publishers.json" // who publishes what
	signersFile    = "signers.json"    // the public keys of those who sign
)

// broker returns how a service comes in at the broker, and whom it believes there.
func (f Fleet) broker(s Service) ([]string, error) {
	password, err := f.Folder.Secret(server.BrokerSecret(s.Name))
	if err != nil {
		return nil, fmt.Errorf("make address: %w", err)
	}
	env := []string{
		"AMQP_URL=" + server.AMQPURLOf(f.Ports, s.Name, password), "AMQP_NO_DECLARE=true",
		"AMQP_PUBLISHERS_FILE=" + f.Folder.Path(publishersFile), "AMQP_SIGNERS_FILE=" + f.Folder.Path(signersFile),
	}
	if s.Signs {
		if _, err := f.signingKey(s.Name); err != nil {
			return nil, err
		}
		env = append(env, "AMQP_SIGNING_KEY_FILE="+f.signingKeyFile(s.Name))
	}
	return env, nil
}

func (f Fleet) signingKeyFile(program string) string {
	return f.Folder.Path("secrets", "signing-"+program)
}

// signingKey returns the key with which a program signs. The first call draws it.
func (f Fleet) signingKey(program string) (string, error) {
	text, err := os.ReadFile(f.signingKeyFile(program))
	if err == nil {
		return strings.TrimSpace(string(text)), nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("read the signing key of %s: %w", program, err)
	}
	seed, _, err := amqp.NewSigningKey()
	if err != nil {
		return "", err
	}
	return seed, f.Folder.Write("secrets/signing-"+program, []byte(seed+"\n"), 0o600)
}

// declared returns what the programs declare at the broker, for the providers of the gateways' files. It writes the files of whom programs
// may believe.
func (f Fleet) declared(ctx context.Context) ([]amqp.Topology, broker.Providers, error) {
	providers, err := f.providers(ctx)
	if err != nil {
		return nil, nil, err
	}
	all, err := f.topologies(ctx)
	if err != nil {
		return nil, nil, err
	}
	return all, providers, f.writeTrust(all)
}

// declare declares the queues of providers that have come since the broker's start. No program may declare anything.
func (f Fleet) declare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, declareBound)
	defer cancel()
	providers, err := f.providers(ctx)
	if err != nil {
		return err
	}
	all, err := f.topologies(ctx)
	if err != nil {
		return err
	}
	password, err := f.Folder.Secret("rabbitmq")
	if err != nil {
		return fmt.Errorf("make address: %w", err)
	}
	conn, err := server.DialAMQP(ctx, server.Setting{Folder: f.Folder, Ports: f.Ports}.Trusting(server.AMQPURL(f.Ports, password)))
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	for _, t := range broker.ForEach(providers, all) {
		if len(providers[t.Service]) == 0 {
			continue
		}
		if err := amqp.Declare(ctx, conn, t); err != nil {
			return fmt.Errorf("declare the queues of providers: %w", err)
		}
	}
	return nil
}

const declareBound = 30 * time.Second

// topologies asks the programs for what they declare.
func (f Fleet) topologies(ctx context.Context) ([]amqp.Topology, error) {
	var paths []string
	for _, s := range slices.Concat(f.services()...) {
		if s.Uses(programs.AMQP) && !f.missing(s) {
			paths = append(paths, filepath.Join(f.Bin, s.Name))
		}
	}
	return broker.Describe(ctx, paths...)
}

// writeTrust writes who publishes what, and who signs with which keys.
func (f Fleet) writeTrust(all []amqp.Topology) error {
	if err := f.Folder.WriteJSON(publishersFile, broker.Publishers(all), 0o644); err != nil {
		return err
	}
	for _, name := range broker.Signers(all) {
		if p, _ := programs.Named(name); !p.Signs {
			return fmt.Errorf("%s declares messages that it signs, but the list of programs gives it no key", name)
		}
	}
	signers := amqp.Signers{}
	for _, name := range append(programs.Names(programs.Of(func(p programs.Program) bool { return p.Signs })), contract.BreakGlass) {
		seed, err := f.signingKey(name)
		if err != nil {
			return err
		}
		public, err := amqp.PublicKey(seed)
		if err != nil {
			return fmt.Errorf("key of %s: %w", name, err)
		}
		signers[name] = f.keys(name, public)
	}
	// Nobody's settings name the key for emergencies: whoever needs it is root here, and reads this file.
	if err := f.Folder.WriteEnv("breakglass", []string{"BREAKGLASS_KEY_FILE=" + f.signingKeyFile(contract.BreakGlass)}); err != nil {
		return err
	}
	return f.Folder.WriteJSON(signersFile, signers, 0o644)
}

// keys returns a program's public key and the one that it had before: what it signed with that may still wait. So a key is changed by
// removing its file and starting again.
func (f Fleet) keys(program, public string) []string {
	var written amqp.Signers
	if err := f.Folder.ReadJSON(signersFile, &written); err != nil {
		return []string{public} // the first start
	}
	for _, key := range written[program] {
		if key != public {
			return []string{public, key}
		}
	}
	return []string{public}
}
