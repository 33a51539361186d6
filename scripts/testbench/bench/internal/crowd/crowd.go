// Package crowd is many callers of the HTTP interface at once: people and systems of the demo bank that ask for trades.
package crowd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/scripts/internal/apiclient"
	"fxcore/scripts/internal/pause"
	"fxcore/scripts/testbench/bench/internal/mix"
)

// The demo's users who come in. Together they have room for a burst of a thousand in their connections: one connection carries 250
// requests at a time.
const (
	trader      = "U0001"
	salesperson = "U0015" // of the trader's desk
	treasury    = "U0019" // of one client
	orderSystem = "U0020" // for every client
)

const (
	treasuryClient = "C000900"
	firstSpecial   = "C000900" // clients from here on have lines that a load would meet
)

// Settings say where the interface is, and what is asked for.
type Settings struct {
	URL    string
	Folder string // of the core: its certificate, and the users' secrets
	Prices *mix.Prices
	Run    string // the idempotency keys begin with it
	Clock  func() time.Time
}

// Crowd are the users, logged in. Only one goroutine may use it.
type Crowd struct {
	settings Settings
	mix      *mix.Mix
	callers  []caller
	bursts   int
}

// caller is a user and the clients for whom it may deal.
type caller struct {
	*apiclient.Client

	clients []string
}

// Open logs all users in. Close ends their connections.
func Open(ctx context.Context, s Settings) (*Crowd, error) {
	m, err := mix.New(s.Prices, seed, 0, s.Clock())
	if err != nil {
		return nil, err
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	c := &Crowd{settings: s, mix: m}
	for _, user := range []string{trader, salesperson, treasury, orderSystem} {
		client, err := apiclient.Open(s.URL, s.Folder, user)
		if err != nil {
			return nil, errors.Join(err, c.Close())
		}
		client.Share()
		c.callers = append(c.callers, caller{client, clientsOf(bank, user)})
		if err := login(ctx, client); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return c, nil
}

const seed = 1

// Close ends the connections.
func (c *Crowd) Close() error {
	for _, one := range c.callers {
		one.Close()
	}
	return nil
}

// clientsOf returns the clients for whom a user may deal, without those that have small lines.
func clientsOf(bank demo.Bank, user string) []string {
	if user == treasury {
		return []string{treasuryClient}
	}
	desk := ""
	if i := slices.IndexFunc(bank.Users, func(u demo.User) bool { return u.ID == user }); i >= 0 {
		desk = bank.Users[i].Desk
	}
	var all []string
	for _, c := range bank.Clients {
		if c.ID < firstSpecial && (desk == "" || c.Desk == desk) {
			all = append(all, c.ID)
		}
	}
	return all
}

// A person's one-time code is good once, and for half a minute: who ran the bench a moment ago waits for the next one.
const (
	loginBound = 45 * time.Second
	loginPause = 10 * time.Second
)

func login(ctx context.Context, client *apiclient.Client) error {
	ctx, cancel := context.WithTimeout(ctx, loginBound)
	defer cancel()
	for {
		err := client.Login(ctx)
		if err == nil {
			return nil
		}
		if !pause.For(ctx, loginPause) {
			return err
		}
	}
}
