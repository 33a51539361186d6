package openid

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"
)

// How old the keys get. A key that the identity provider has withdrawn counts for at most keysRefresh more, and for at most
// keysLife if the identity provider cannot be reached meanwhile.
const (
	keysRefresh = 5 * time.Minute
	keysRetry   = 15 * time.Second // after a failure
	keysPause   = 2 * time.Second  // between two fetches, whoever wants one
	keysLife    = time.Hour
)

// Provider is the bank's identity provider, with the keys that it has published. It is safe for concurrent use.
type Provider struct {
	cfg    Config
	client *http.Client
	clock  func() time.Time
	log    *slog.Logger
	keys   atomic.Pointer[keySet] // nil until they were fetched once
	wanted chan struct{}          // holds one wish for newer keys
	told   atomic.Int64           // the second in which a refusal was logged last
}

// New returns the identity provider of valid settings, without its keys. clock is real time.
func New(cfg Config, clock func() time.Time, log *slog.Logger) *Provider {
	return &Provider{cfg: cfg, client: newClient(cfg.CA), clock: clock, log: log, wanted: make(chan struct{}, 1)}
}

// Run keeps the keys fresh until ctx ends. It returns nil.
func (p *Provider) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		next := keysRefresh
		if err := p.Fetch(ctx); err != nil {
			if ctx.Err() == nil {
				p.log.Warn("the identity provider's keys cannot be fetched, trying again", "error", err)
			}
			next = keysRetry
		}
		pause(ctx, keysPause, nil)
		pause(ctx, next-keysPause, p.wanted)
	}
	return nil
}

// pause waits for a time, and less if ctx ends or something is wanted.
func pause(ctx context.Context, d time.Duration, wanted <-chan struct{}) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-wanted:
	}
}

// Fetch fetches the keys once, within a bound of time. If it fails, the keys from before stay.
func (p *Provider) Fetch(ctx context.Context) error {
	at := p.clock()
	keys, err := p.published(ctx)
	if err != nil {
		return fmt.Errorf("fetch the keys of %s: %w", p.cfg.Issuer, err)
	}
	p.keys.Store(&keySet{keys: keys, asOf: at})
	return nil
}

// want asks Run for newer keys. It does not wait for them.
func (p *Provider) want() {
	select {
	case p.wanted <- struct{}{}:
	default: // it is asked already
	}
}

// Fresh returns an error unless there are keys by which a login can be checked.
func (p *Provider) Fresh(context.Context) error {
	if !p.keys.Load().usable(p.clock()) {
		return errors.New("its keys are missing or too old: nobody gets a token by it")
	}
	return nil
}
