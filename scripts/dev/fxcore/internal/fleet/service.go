package fleet

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/internal/programs"
)

// MaxReplicas bounds a service's replicas: each has a health port of the clone's block.
const MaxReplicas = ports.Instances

// Service is one of our programs, with its own settings.
type Service struct {
	programs.Program
	Settings []string // NAME=value

	// Each are settings of one replica, beside its name and health address: its port, at which HAProxy or a command finds it.
	Each func(replica int) []string
}

// single reports whether only one may run: it holds something that cannot be shared, such as the mainframe's books.
func (s Service) single() bool { return s.Replicas == 1 }

// routed reports whether providers come to it by HAProxy.
func (s Service) routed() bool { return s.Kind == programs.Gateway }

// role is the service's name in the database.
func (s Service) role() string { return cmp.Or(s.Role, s.Name) }

// services lists our programs in groups that start one after the other.
func (f Fleet) services() [][]Service {
	var groups [][]Service
	for _, group := range programs.ByStage() {
		var services []Service
		for _, p := range group {
			services = append(services, f.with(p))
		}
		groups = append(groups, services)
	}
	return groups
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
		if s.Uses(programs.Postgres) {
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
	if s.Uses(programs.AMQP) {
		env = append(env, "AMQP_URL="+urls.AMQP)
	}
	if s.Uses(programs.Redis) {
		env = append(env, "REDIS_URL="+urls.Redis)
	}
	if s.Uses(programs.Postgres) {
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
