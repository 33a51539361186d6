package fleet

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"strconv"

	"fxcore/scripts/dev/fxcore/internal/ports"
	"fxcore/scripts/dev/fxcore/internal/server"
	"fxcore/scripts/internal/programs"
)

// MaxReplicas is how many replicas a service may have, because the port block has that many health ports for it.
const MaxReplicas = ports.Instances

// Service is one of our programs, with its own settings.
type Service struct {
	programs.Program
	Settings []string // NAME=value

	// Each returns the settings of one replica, besides its name and health address: the port at which others reach it.
	Each func(replica int) []string
}

// single reports whether only one replica may run, because its state cannot be shared, such as the mainframe's books.
func (s Service) single() bool { return s.Replicas == 1 }

// routed reports whether providers reach it through HAProxy.
func (s Service) routed() bool { return s.Kind == programs.Gateway }

// role returns the service's database role.
func (s Service) role() string { return cmp.Or(s.Role, s.Name) }

// services returns our programs in groups. The groups start one after the other.
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

// Service returns the service with the name. Its error lists the existing names.
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

// Roles returns the database roles of all services that use PostgreSQL.
func (f Fleet) Roles() []string {
	var roles []string
	for _, s := range slices.Concat(f.services()...) {
		if s.Uses(programs.Postgres) {
			roles = append(roles, s.role())
		}
	}
	return roles
}

// Settings returns the settings that all replicas of a service share, the secret ones in plain: no process gets them like
// this, see Environment. It divides the machine's cores among the replicas (GOMAXPROCS): if every replica used
// all cores, the Go schedulers would wake each other without need, which cost a fifth of the throughput on two cores.
func (f Fleet) Settings(s Service) ([]string, error) {
	env := append(slices.Clone(s.Settings), "TLS_CA_FILE="+server.CAFile(f.Folder), ownCertificate+"="+s.Name)
	if s.Uses(programs.AMQP) {
		broker, err := f.broker(s)
		if err != nil {
			return nil, err
		}
		env = append(env, broker...)
	}
	if s.Uses(programs.Redis) || f.Ahead && (s.routed() || s.Kind == programs.Demo) { // these read there only how far the clock is ahead
		redis, err := f.redisURL(s)
		if err != nil {
			return nil, err
		}
		env = append(env, "REDIS_URL="+redis, "STATIC_KEYS_FILE="+f.Folder.Path(setsPublicFile))
	}
	if f.Ahead {
		env = append(env, "CLOCK_MAY_RUN_AHEAD=true")
	}
	if s.Uses(programs.Postgres) {
		address, err := f.postgresURL(s.role())
		if err != nil {
			return nil, err
		}
		env = append(env, "POSTGRES_URL="+address)
	}
	return append(env, "LOG_LEVEL=info", "GOMAXPROCS="+strconv.Itoa(max(1, runtime.NumCPU()/s.Replicas))), nil
}

// health returns the port of a replica's health address. Each service has MaxReplicas of these ports.
func (f Fleet) health(s Service, replica int) int {
	place := slices.IndexFunc(slices.Concat(f.services()...), func(other Service) bool { return other.Name == s.Name })
	return f.Ports.Health(place*MaxReplicas + replica - 1)
}

func (f Fleet) address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }
