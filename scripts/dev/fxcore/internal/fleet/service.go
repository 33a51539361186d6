package fleet

import (
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"fxcore/scripts/dev/fxcore/internal/ports"
)

// MaxReplicas bounds a service's replicas: each has a health port of the clone's block.
const MaxReplicas = ports.Instances

// Service is one of our programs: how many of it run, what it needs, and its own settings.
type Service struct {
	Name     string
	Replicas int  // to begin with
	Single   bool // one only: it holds something that cannot be shared, such as the mainframe's books
	Postgres bool // with role and schema of its own
	Redis    bool
	AMQP     bool
	Health   bool // serves /ready
	Routed   bool // a gateway: providers come to it by HAProxy
	Role     string
	Args     []string
	Settings []string // NAME=value

	// Each are settings of one replica, beside its name and health address: its port, at which HAProxy or a command finds it.
	Each func(replica int) []string
}

// role is the service's name in the database.
func (s Service) role() string {
	if s.Role != "" {
		return s.Role
	}
	return s.Name
}

// services lists our programs in groups that start one after the other.
func (f Fleet) services() [][]Service {
	return [][]Service{
		{{Name: "mainframe-simulator", Replicas: 1, Single: true, Health: true, Settings: f.simulator()}},
		{{Name: "mainframe", Replicas: 2, AMQP: true, Health: true, Settings: f.mainframe()}},
		{{Name: "datasync", Replicas: 2, AMQP: true, Redis: true, Health: true}},
		{
			{Name: "auth", Replicas: 2, AMQP: true, Redis: true, Postgres: true, Health: true},
			{Name: "trading", Replicas: 2, AMQP: true, Redis: true, Postgres: true, Health: true},
			{Name: "linecheck", Replicas: 2, AMQP: true, Redis: true, Postgres: true, Health: true},
			{Name: "responsibility", Replicas: 2, AMQP: true, Redis: true, Postgres: true, Health: true},
			{Name: "failover", Replicas: 2, AMQP: true, Postgres: true, Health: true, Settings: f.failover(), Each: f.failoverPage},
		},
		{
			{Name: "fix", Replicas: 2, AMQP: true, Postgres: true, Role: "fixgateway", Health: true, Routed: true, Settings: f.gateway(), Each: f.gatewayPorts},
			{Name: "socket", Replicas: 2, AMQP: true, Postgres: true, Role: "socketgateway", Health: true, Routed: true, Settings: f.socket(), Each: f.socketPorts},
		},
		{{Name: "provider", Replicas: 1, Single: true, Settings: f.provider()}},
	}
}

// Service finds a service by name; its error lists the names there are.
func (f Fleet) Service(name string) (Service, error) {
	var names []string
	for _, s := range slices.Concat(f.services()...) {
		if s.Name == name {
			return s, nil
		}
		names = append(names, s.Name)
	}
	return Service{}, fmt.Errorf("there is no service %q; there are %v", name, names)
}

// Roles are the database roles of all services.
func (f Fleet) Roles() []string {
	var roles []string
	for _, s := range slices.Concat(f.services()...) {
		if s.Postgres {
			roles = append(roles, s.role())
		}
	}
	return roles
}

// Environment is everything a replica of the service needs to know, but for its own name and health address: with it,
// one more can be started by hand. The replicas of a service share the machine's cores: if each took all of them, the
// schedulers of a dozen processes would wake each other for nothing. On two cores that was worth a fifth of the throughput.
func (f Fleet) Environment(s Service) ([]string, error) {
	urls, err := ServerURLs(f.Folder, f.Ports, s.role())
	if err != nil {
		return nil, err
	}
	env := slices.Clone(s.Settings)
	if s.AMQP {
		env = append(env, "AMQP_URL="+urls.AMQP)
	}
	if s.Redis {
		env = append(env, "REDIS_URL="+urls.Redis)
	}
	if s.Postgres {
		env = append(env, "POSTGRES_URL="+urls.Postgres)
	}
	return append(env, "LOG_LEVEL=info", "GOMAXPROCS="+strconv.Itoa(max(1, runtime.NumCPU()/s.Replicas))), nil
}

// health is the port of a replica's health address: each service has MaxReplicas of them.
func (f Fleet) health(s Service, replica int) int {
	place := slices.IndexFunc(slices.Concat(f.services()...), func(other Service) bool { return other.Name == s.Name })
	return f.Ports.Health(place*MaxReplicas + replica - 1)
}

func (f Fleet) address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }
