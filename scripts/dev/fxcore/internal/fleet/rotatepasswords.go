package fleet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"syscall"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

func (r *rotation) certificates(ctx context.Context) error {
	if err := r.f.Renew(ctx, r.runs, true); err != nil {
		return err
	}
	r.say("certificates: all are new")
	return nil
}

// replace takes a new password into use. change tells the server; if it refuses, the password before stays.
func (r *rotation) replace(secret string, change func() error) error {
	if err := r.f.Folder.Replace(secret, folder.Draw()); err != nil {
		return err
	}
	if err := change(); err != nil {
		return errors.Join(err, r.f.Folder.Restore(secret))
	}
	return r.f.Folder.Forget(secret)
}

// postgres changes one password after the other. A program has the new one a moment after the server: a connection that it opens in between is refused,
// and opened again when it is needed again. Connections that are open stay.
func (r *rotation) postgres(ctx context.Context) error {
	setting := r.setting()
	roles := []string{server.Superuser, server.Observer}
	for _, role := range slices.Compact(slices.Sorted(slices.Values(r.f.Roles()))) {
		roles = append(roles, server.OwnerOf(role), role)
	}
	for _, role := range roles {
		err := r.replace(server.PostgresSecret(role), func() error {
			if err := server.ChangePostgresPassword(ctx, setting, role); err != nil {
				return err
			}
			return r.distributeToRole(role)
		})
		if err != nil {
			return err
		}
	}
	r.say(fmt.Sprintf("postgres: %d passwords", len(roles)))
	return nil
}

func (r *rotation) distributeToRole(role string) error {
	var errs []error
	for _, s := range slices.Concat(r.f.services()...) {
		if s.Uses(programs.Postgres) && s.role() == role {
			errs = append(errs, r.f.distributeTo(s))
		}
	}
	return errors.Join(errs...)
}

// rabbitmq changes all passwords by one command. A program that connects before it has the new one is refused, and tries again.
func (r *rotation) rabbitmq(ctx context.Context) error {
	topologies, _, err := r.f.declared(ctx)
	if err != nil {
		return err
	}
	secrets := []string{server.BrokerSecret(server.BrokerAdmin), server.BrokerSecret(server.Observer)}
	for _, t := range topologies {
		secrets = append(secrets, server.BrokerSecret(t.Service))
	}
	for _, secret := range secrets {
		if err := r.f.Folder.Replace(secret, folder.Draw()); err != nil {
			return err
		}
	}
	if err := server.ChangeBrokerPasswords(ctx, r.setting()); err != nil {
		for _, secret := range secrets {
			err = errors.Join(err, r.f.Folder.Restore(secret))
		}
		return err
	}
	if err := r.f.distribute(); err != nil {
		return err
	}
	for _, secret := range secrets {
		if err := r.f.Folder.Forget(secret); err != nil {
			return err
		}
	}
	r.say(fmt.Sprintf("rabbitmq: %d passwords", len(secrets)))
	return nil
}

func (r *rotation) erlang(ctx context.Context) error {
	if err := server.ChangeCookie(ctx, r.setting()); err != nil {
		return err
	}
	r.say("erlang: the broker's cookie")
	return nil
}

func redisSecrets() []string {
	secrets := []string{server.RedisSecret(server.RedisAdmin), server.RedisSecret(server.Observer)}
	for _, u := range redisUsers() {
		secrets = append(secrets, server.RedisSecret(u.Name))
	}
	return secrets
}

// redis lets everybody in by two passwords, until all have the new one.
func (r *rotation) redis(ctx context.Context) error {
	for _, secret := range redisSecrets() {
		if err := r.f.Folder.Replace(secret, folder.Draw()); err != nil {
			return err
		}
	}
	if err := server.ChangeRedisPasswords(ctx, r.setting(), redisUsers()); err != nil {
		for _, secret := range redisSecrets() {
			err = errors.Join(err, r.f.Folder.Restore(secret))
		}
		return err
	}
	return r.f.distribute()
}

func (r *rotation) retireRedis(ctx context.Context) error {
	for _, secret := range redisSecrets() {
		if err := r.f.Folder.Forget(secret); err != nil {
			return err
		}
	}
	if err := server.ChangeRedisPasswords(ctx, r.setting(), redisUsers()); err != nil {
		return err
	}
	r.say(fmt.Sprintf("redis: %d passwords", len(redisSecrets())))
	return nil
}

// cassandra changes the passwords of who keeps the journal there. Jaeger has its password from its start, so it starts again.
func (r *rotation) cassandra(ctx context.Context) error {
	roles := append([]string{server.CassandraAdmin}, CassandraRoles()...)
	for _, role := range roles {
		err := r.replace(server.CassandraSecret(role), func() error { return server.ChangeCassandraPassword(ctx, r.setting(), role) })
		if err != nil {
			return err
		}
	}
	if err := r.f.distribute(); err != nil {
		return err
	}
	jaeger, err := server.Jaeger(r.setting(), "tracing")
	if err != nil {
		return err
	}
	jaeger.Spec.Nice = yieldsMost
	if r.runs.Remove(jaeger.Spec.ID()) {
		r.runs.Add(jaeger.Spec)
	}
	r.say(fmt.Sprintf("cassandra: %d passwords", len(roles)))
	return nil
}

func (r *rotation) elasticsearch(ctx context.Context) error {
	err := r.replace("elasticsearch", func() error { return server.ChangeElasticsearchPassword(ctx, r.setting()) })
	if err != nil {
		return err
	}
	if err := r.f.distribute(); err != nil {
		return err
	}
	r.say("elasticsearch: the password")
	return nil
}

func (r *rotation) icinga(ctx context.Context) error {
	err := r.replace("icinga", func() error {
		return server.ChangeIcingaPassword(ctx, r.setting(), func(signal syscall.Signal) error {
			if err := r.runs.Signal("icinga", signal); !errors.Is(err, os.ErrProcessDone) {
				return err
			}
			return nil // it is being started, and reads the new one
		})
	})
	if err != nil {
		return err
	}
	if err := r.f.distribute(); err != nil {
		return err
	}
	r.say("icinga: the password")
	return nil
}
