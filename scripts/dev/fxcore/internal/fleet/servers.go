// Package fleet lists what runs: the servers and services, the order of their start, and their settings.
package fleet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
)

// Servers returns the phases that start PostgreSQL, RabbitMQ and Redis. Each role gets a schema of its name.
func Servers(s server.Setting, roles []string) ([]supervisor.Phase, error) {
	postgres, err := server.Postgres(s, roles)
	if err != nil {
		return nil, fmt.Errorf("set up PostgreSQL: %w", err)
	}
	redis, err := server.Redis(s)
	if err != nil {
		return nil, fmt.Errorf("set up Redis: %w", err)
	}
	rabbit, err := server.RabbitMQ(s)
	if err != nil {
		return nil, fmt.Errorf("set up RabbitMQ: %w", err)
	}
	mapper, broker := rabbit[0], rabbit[1]
	return []supervisor.Phase{
		phase("Erlang port mapper", mapper),
		phase("PostgreSQL, RabbitMQ, Redis", postgres, broker, redis),
	}, nil
}

// FullServers returns the phase that starts the servers which only a full start needs, and what is left out because it is
// not there. Each role of Cassandra gets a keyspace of its name.
func FullServers(s server.Setting) (p supervisor.Phase, missing []error) {
	var there []server.Server
	var titles []string
	for _, f := range full() {
		one, err := f.make(s)
		if err != nil {
			missing = append(missing, fmt.Errorf("set up %s: %w", f.title, err))
			continue
		}
		one.Spec.Nice = yielding
		there, titles = append(there, one), append(titles, f.title)
	}
	p = phase(strings.Join(titles, ", "), there...)
	p.Patience = 10 * time.Minute // Java servers on a busy machine
	return p, missing
}

// fullServer is one line of the list of servers which only a full start needs.
type fullServer struct {
	title string
	make  func(server.Setting) (server.Server, error)
}

func full() []fullServer {
	return []fullServer{
		{"Cassandra", func(s server.Setting) (server.Server, error) { return server.Cassandra(s, CassandraRoles()) }},
		{"Elasticsearch", server.Elasticsearch},
	}
}

// jaegerPhase returns the phase that starts Jaeger's query program. It comes after tracing, which makes the tables.
func (f Fleet) jaegerPhase() (supervisor.Phase, error) {
	jaeger, err := server.Jaeger(server.Setting{Folder: f.Folder, Ports: f.Ports}, "tracing")
	if err != nil {
		return supervisor.Phase{}, fmt.Errorf("set up Jaeger: %w", err)
	}
	jaeger.Spec.Nice = yielding
	p := phase("Jaeger", jaeger)
	p.Needed = false // it only shows
	return p, nil
}

// CassandraRoles returns the programs that have a keyspace of their own.
func CassandraRoles() []string { return []string{"tracing"} }

// phase returns a phase that starts the servers together.
func phase(title string, servers ...server.Server) supervisor.Phase {
	p := supervisor.Phase{Title: title, Patience: 2 * time.Minute, Needed: true}
	for _, s := range servers {
		p.Specs = append(p.Specs, s.Spec)
	}
	p.Prepare = func(ctx context.Context) error {
		return all(ctx, servers, func(s server.Server) func(context.Context) error { return s.Prepare })
	}
	p.After = func(ctx context.Context) error {
		return all(ctx, servers, func(s server.Server) func(context.Context) error { return s.Provision })
	}
	return p
}

func all(ctx context.Context, servers []server.Server, step func(server.Server) func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	g, ctx := errgroup.WithContext(ctx)
	for _, s := range servers {
		g.Go(func() error { return step(s)(ctx) })
	}
	return g.Wait()
}
