package fleet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	amqp091 "github.com/rabbitmq/amqp091-go"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

// overlap is how long a key stays trusted after another one is in use: what is signed or sealed with a deadline has expired by then. Commands and
// requests for tokens have a minute.
const overlap = 65 * time.Second

// Bounds of the waits before a key is trusted no more.
const (
	retireBound = 3 * time.Minute
	retireLook  = 200 * time.Millisecond
	inHand      = 5 * time.Second // for messages that a consumer has taken, and not yet settled
)

// announce draws the next value of a key, and lets everybody trust it. publish writes the files of public parts.
func (r *rotation) announce(secret string, draw func() (string, error), publish func() error) error {
	value, err := draw()
	if err != nil {
		return err
	}
	return errors.Join(r.f.Folder.Announce(secret, value), publish(), r.f.distribute())
}

// promote takes the next value of a key into use.
func (r *rotation) promote(secret string, publish func() error) error {
	return errors.Join(r.f.Folder.Promote(secret), publish(), r.f.distribute())
}

func nowhere() error { return nil }

// proofSecrets are the keys of proofs of all programs that use the broker.
func proofSecrets() (secrets []string) {
	for _, name := range programs.Names(programs.Of(func(p programs.Program) bool { return p.Uses(programs.AMQP) })) {
		secrets = append(secrets, proofSecret(name))
	}
	return secrets
}

// signingSecrets are the keys of all who sign.
func signingSecrets() (secrets []string) {
	for _, name := range signers() {
		secrets = append(secrets, signingSecret(name))
	}
	return secrets
}

func (r *rotation) proofs(context.Context) error {
	for _, secret := range proofSecrets() {
		if err := r.f.Folder.Replace(secret, folder.Draw()); err != nil {
			return err
		}
	}
	return r.f.distribute()
}

// retireProofs leaves the keys before where messages wait that have failed: with those keys they are known again. So are messages that rest,
// for half a minute at most.
func (r *rotation) retireProofs(ctx context.Context) error {
	if err := r.overlapped(ctx); err != nil {
		return err
	}
	urls, err := ObserverURLs(r.f.Folder, r.f.Ports)
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, urls.Postgres)
	if err != nil {
		return fmt.Errorf("ask what has failed: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	var open int
	if err := conn.QueryRow(ctx, "select count(*) from monitoring.failed_message where state in ('open', 'replaying')").Scan(&open); err != nil {
		return fmt.Errorf("ask what has failed: %w", err)
	}
	if open > 0 {
		return fmt.Errorf("%d messages that have failed wait for a decision; rotate proofs again when there are none", open)
	}
	for _, secret := range proofSecrets() {
		if err := r.f.Folder.Forget(secret); err != nil {
			return err
		}
	}
	r.say(fmt.Sprintf("proofs: %d keys", len(proofSecrets())))
	return r.f.distribute()
}

func (r *rotation) signing(context.Context) error {
	for _, secret := range signingSecrets() {
		value, err := drawSigning()
		if err == nil {
			err = r.f.Folder.Announce(secret, value)
		}
		if err != nil {
			return err
		}
	}
	if err := errors.Join(r.f.writeSigners(), r.f.distribute()); err != nil {
		return err
	}
	for _, secret := range signingSecrets() {
		if err := r.f.Folder.Promote(secret); err != nil {
			return err
		}
	}
	return r.f.distribute()
}

// retireSigning waits until no message waits that was signed before.
func (r *rotation) retireSigning(ctx context.Context) error {
	if err := errors.Join(r.drained(ctx), r.overlapped(ctx)); err != nil {
		return err
	}
	for _, secret := range signingSecrets() {
		if err := r.f.Folder.Forget(secret); err != nil {
			return err
		}
	}
	r.say(fmt.Sprintf("signing: %d keys", len(signingSecrets())))
	return errors.Join(r.f.writeSigners(), r.f.distribute())
}

// overlapped waits until the overlap is over.
func (r *rotation) overlapped(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(r.switched.Add(overlap))):
		return nil
	}
}

// drained waits until each queue whose messages are signed has been empty, with its queue of retries.
func (r *rotation) drained(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, retireBound)
	defer cancel()
	topologies, err := r.f.topologies(ctx)
	if err != nil {
		return err
	}
	waiting := map[string]bool{}
	for _, t := range topologies {
		for _, q := range t.Queues {
			if q.Proven || len(q.Proofs) > 0 {
				waiting[q.Name], waiting[q.Name+".retry"] = true, true
			}
		}
	}
	password, err := r.f.Folder.Secret(server.BrokerSecret(server.BrokerAdmin))
	if err != nil {
		return err
	}
	conn, err := server.DialAMQP(ctx, r.setting().Trusting(server.AMQPURL(r.f.Ports, password)))
	if err != nil {
		return fmt.Errorf("look at queues: %w", err)
	}
	defer func() { _ = conn.Close() }()
	tick := time.NewTicker(retireLook)
	defer tick.Stop()
	for {
		if err := dropEmpty(conn, waiting); err != nil {
			return err
		}
		wait := tick.C
		if len(waiting) == 0 {
			wait = time.After(inHand)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("messages wait in %v: %w", waiting, ctx.Err())
		case <-wait:
			if len(waiting) == 0 {
				return nil
			}
		}
	}
}

// dropEmpty removes the queues from the set that are empty now, or that do not exist.
func dropEmpty(conn *amqp091.Connection, waiting map[string]bool) error {
	for name := range waiting {
		ch, err := conn.Channel()
		if err != nil {
			return fmt.Errorf("look at queues: %w", err)
		}
		q, err := ch.QueueDeclarePassive(name, true, false, false, false, nil)
		var refused *amqp091.Error
		switch {
		case errors.As(err, &refused) && refused.Code == amqp091.NotFound, err == nil && q.Messages == 0:
			delete(waiting, name)
		case err != nil:
			return fmt.Errorf("look at queue %s: %w", name, err)
		}
		_ = ch.Close()
	}
	return nil
}

func (r *rotation) sets(context.Context) error {
	if err := r.announce(setsKey, drawSigning, r.f.writeSetsPublic); err != nil {
		return err
	}
	return r.promote(setsKey, r.f.writeSetsPublic)
}

// retireSets has all sets signed by the new key first.
func (r *rotation) retireSets(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, retireBound)
	defer cancel()
	if err := server.ReloadSets(ctx, r.setting(), staticSets()); err != nil {
		return err
	}
	if err := r.f.Folder.Forget(setsKey); err != nil {
		return err
	}
	r.say("sets: the key of the mainframe's data")
	return errors.Join(r.f.writeSetsPublic(), r.f.distribute())
}

func (r *rotation) access(context.Context) error {
	if err := r.announce(accessKey, drawAccess, nowhere); err != nil {
		return err
	}
	return r.promote(accessKey, r.f.writeAccessPublic)
}

// retireAccess waits until auth has sealed all credentials by the new key.
func (r *rotation) retireAccess(ctx context.Context) error {
	if err := errors.Join(r.resealed(ctx), r.overlapped(ctx)); err != nil {
		return err
	}
	if err := r.f.Folder.Forget(accessKey); err != nil {
		return err
	}
	r.say("access: auth's key")
	return r.f.distribute()
}

// underFormerKey is auth's counter of what is still sealed by the key before.
const underFormerKey = "credentials.under_a_key_before"

func (r *rotation) resealed(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, retireBound)
	defer cancel()
	tick := time.NewTicker(retireLook)
	defer tick.Stop()
	for {
		var errs []error
		for _, c := range r.runs.Children() {
			if c.Spec.Name == "auth" {
				errs = append(errs, resealedAt(ctx, c.Spec.Health))
			}
		}
		err := errors.Join(errs...)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait until credentials are sealed anew: %w", errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}

func resealedAt(ctx context.Context, health string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(health, "/")+"/status", http.NoBody)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	var status struct {
		Counters map[string]float64 `json:"counters"`
	}
	if err := json.NewDecoder(response.Body).Decode(&status); err != nil {
		return err
	}
	if left, known := status.Counters[underFormerKey]; !known || left > 0 {
		return fmt.Errorf("%s: not yet", health)
	}
	return nil
}
