package fleet

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
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
	proofs, err := f.proofs(s.Name)
	if err != nil {
		return nil, err
	}
	env = append(env, proofKeys+"="+proofs)
	if s.Signs {
		if _, err := f.Folder.SecretBy(signingSecret(s.Name), drawSigning); err != nil {
			return nil, err
		}
		env = append(env, "AMQP_SIGNING_KEY_FILE="+f.signingKeyFile(s.Name))
	}
	return env, nil
}

func (f Fleet) signingKeyFile(program string) string {
	return f.Folder.Path("secrets", signingSecret(program))
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
	// Nobody's settings name the key for emergencies: whoever needs it is root here, and reads this file.
	if err := f.Folder.WriteEnv("breakglass", []string{"BREAKGLASS_KEY_FILE=" + f.signingKeyFile(contract.BreakGlass)}); err != nil {
		return err
	}
	return f.writeSigners()
}
