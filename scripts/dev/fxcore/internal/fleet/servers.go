// Package fleet lists what runs: the servers and services, the order of their start, and their settings.
package fleet

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/dev/fxcore/internal/supervisor"
	"fxcore/scripts/internal/programs"
)

// Servers returns the phases that start PostgreSQL, RabbitMQ and Redis. Each role gets a schema of its name.
func Servers(s server.Setting, roles []string) ([]supervisor.Phase, error) {
	all, err := baseServers(s, roles)
	if err != nil {
		return nil, err
	}
	return []supervisor.Phase{phase("Erlang port mapper", all[0]), phase("PostgreSQL, RabbitMQ, Redis", all[1:]...)}, nil
}

// baseServers returns the servers that every start has. The first one is the port mapper, which must run before the broker.
func baseServers(s server.Setting, roles []string) ([]server.Server, error) {
	postgres, err := server.Postgres(s, roles, yieldingRoles())
	if err != nil {
		return nil, fmt.Errorf("set up PostgreSQL: %w", err)
	}
	redis, err := server.Redis(s, redisUsers())
	if err != nil {
		return nil, fmt.Errorf("set up Redis: %w", err)
	}
	rabbit, err := server.RabbitMQ(s)
	if err != nil {
		return nil, fmt.Errorf("set up RabbitMQ: %w", err)
	}
	return append(rabbit, postgres, redis), nil
}

// yieldingRoles returns the roles of the programs that yield, and how far.
func yieldingRoles() map[string]int {
	roles := map[string]int{}
	for _, p := range programs.All() {
		if p.Uses(programs.Postgres) && nice(p) > 0 {
			roles[cmp.Or(p.Role, p.Name)] = nice(p)
		}
	}
	return roles
}

// FullServers returns the phase that starts the servers which only a full start needs, and what is left out because it is
// not there. Whoever runs a core makes them yield; nobody trades beside tests. Each role of Cassandra gets a keyspace of its name.
func FullServers(s server.Setting) (p supervisor.Phase, missing []error) {
	var there []server.Server
	var titles []string
	for _, f := range full() {
		one, err := f.make(s)
		if err != nil {
			missing = append(missing, fmt.Errorf("set up %s: %w", f.title, err))
			continue
		}
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

// shownPhase returns the phase of the servers that only show. Jaeger comes after tracing, which makes its tables.
func (f Fleet) shownPhase(scale Scale) (supervisor.Phase, error) {
	setting := server.Setting{Folder: f.Folder, Ports: f.Ports}
	jaeger, err := server.Jaeger(setting, "tracing")
	if err != nil {
		return supervisor.Phase{}, fmt.Errorf("set up Jaeger: %w", err)
	}
	prometheus, err := server.Prometheus(setting, f.measured(scale))
	if err != nil {
		return supervisor.Phase{}, fmt.Errorf("set up Prometheus: %w", err)
	}
	jaeger.Spec.Nice, prometheus.Spec.Nice = yieldsMost, yields
	p := phase("Jaeger, Prometheus", jaeger, prometheus)
	p.Needed = false // they only show
	return p, nil
}

// icingaPhase returns the phase that starts Icinga. It comes before monitoring, which reads Icinga's authority when it starts.
func (f Fleet) icingaPhase() (supervisor.Phase, error) {
	icinga, err := server.Icinga(server.Setting{Folder: f.Folder, Ports: f.Ports})
	if err != nil {
		return supervisor.Phase{}, fmt.Errorf("set up Icinga: %w", err)
	}
	icinga.Spec.Nice = yields
	p := phase("Icinga", icinga)
	p.Needed = false
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

// Tools returns what is missing of the programs that tests of a part start themselves.
func Tools() (missing []error) {
	for _, t := range []struct{ title, path string }{
		{"Icinga", server.IcingaProgram}, {"Prometheus", server.PrometheusProgram}, {"Prometheus's tool", server.PrometheusTool},
	} {
		if _, err := os.Stat(t.path); err != nil {
			missing = append(missing, fmt.Errorf("find %s (%s): %w", t.title, t.path, server.ErrNotFull))
		}
	}
	return missing
}
