package fleet

import (
	"fmt"

	"fxcore/scripts/dev/fxcore/internal/folder"
	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

// URLs are the addresses of the servers for one role, passwords included. They name the file of the core's authority.
type URLs struct {
	Postgres, AMQP, Admin, Redis string
}

// redisURL returns the address of Redis for a program.
func (f Fleet) redisURL(s Service) (string, error) {
	secret, err := f.Folder.Secret("redis-" + s.Name)
	if err != nil {
		return "", fmt.Errorf("make address: %w", err)
	}
	return server.RedisURL(f.Ports, s.Name, secret), nil
}

// postgresURL returns the address of PostgreSQL for a role.
func (f Fleet) postgresURL(role string) (string, error) {
	secret, err := f.Folder.Secret("postgres-" + role)
	if err != nil {
		return "", fmt.Errorf("make address: %w", err)
	}
	return server.PostgresURL(f.Ports, role, secret, server.Database), nil
}

// redisUsers returns the programs that use Redis. Gateways and demo providers read there how far the clock is ahead, where it may be.
func redisUsers() []server.RedisUser {
	var users []server.RedisUser
	for _, p := range programs.All() {
		if len(p.Sets) > 0 || p.Fills {
			users = append(users, server.RedisUser{Name: p.Name, Sets: p.Sets, Fills: p.Fills})
		}
	}
	return users
}

// ObserverURLs returns the URLs with which somebody looks at the servers and changes nothing.
func ObserverURLs(f folder.Folder, b ports.Block) (u URLs, err error) {
	secrets := map[string]string{}
	for _, name := range []string{"postgres", "rabbitmq", "redis"} {
		if secrets[name], err = f.Secret(name + "-" + server.Observer); err != nil {
			return u, fmt.Errorf("make address: %w", err)
		}
	}
	s := server.Setting{Folder: f, Ports: b}
	return URLs{
		Postgres: s.Trusting(server.PostgresURL(b, server.Observer, secrets["postgres"], server.Database)),
		AMQP:     s.Trusting(server.AMQPURLOf(b, server.Observer, secrets["rabbitmq"])),
		Redis:    s.Trusting(server.RedisURL(b, server.Observer, secrets["redis"])),
	}, nil
}

// ServerURLs returns the URLs of a role. The role "postgres" is the database's superuser, and has the administrators of RabbitMQ and Redis.
func ServerURLs(f folder.Folder, b ports.Block, role string) (URLs, error) {
	name := "postgres-" + role
	if role == "postgres" {
		name = role
	}
	secrets := map[string]string{}
	for _, s := range []string{name, "rabbitmq", "redis"} {
		secret, err := f.Secret(s)
		if err != nil {
			return URLs{}, fmt.Errorf("make address: %w", err)
		}
		secrets[s] = secret
	}
	s := server.Setting{Folder: f, Ports: b}
	return URLs{
		Postgres: s.Trusting(server.PostgresURL(b, role, secrets[name], server.Database)),
		AMQP:     s.Trusting(server.AMQPURL(b, secrets["rabbitmq"])),
		Admin:    s.Trusting(server.AdminURL(b, secrets["rabbitmq"])),
		Redis:    s.Trusting(server.RedisURL(b, server.RedisAdmin, secrets["redis"])),
	}, nil
}

// FullURL returns the address at which tests reach a server of a full start as its superuser.
func FullURL(f folder.Folder, b ports.Block, name string) (string, error) {
	secret, err := f.Secret(name)
	if err != nil {
		return "", fmt.Errorf("make address: %w", err)
	}
	switch name {
	case "cassandra":
		return "cassandra://" + server.CassandraAdmin + ":" + secret + "@" + server.CassandraHosts(b), nil
	case "elasticsearch":
		return server.ElasticsearchURL(b, secret), nil
	}
	return "", fmt.Errorf("make address: %q is no server of a full start", name)
}
