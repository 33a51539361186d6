// Package deployment describes the core as a Docker stack, for a laptop, for staging and for production. All of it follows from the list of
// programs: what each one connects to decides its settings, its secrets and its networks. It also has the names that who makes images and who
// deploys them share.
package deployment

import "strconv"

// Profile is one size of the core. The stack files of all profiles are written by the same code.
type Profile struct {
	Name     string
	Swarm    bool // by docker stack deploy on several hosts; else by docker compose on one
	Members  int  // of each cluster
	Replicas int  // of each service and gateway
	Routers  int  // instances of HAProxy

	Simulated bool // with the mainframe's simulator; else the mainframe's address is a setting
	Visited   bool // with the demo's providers, which trade by themselves

	// Certified says that the bank gives the authorities that sign providers' certificates, and their lists of what is revoked.
	Certified bool
}

// Profiles returns all profiles.
func Profiles() []Profile {
	return []Profile{
		{Name: "laptop", Members: 1, Replicas: 1, Routers: 1, Simulated: true, Visited: true},
		{Name: "staging", Swarm: true, Members: 3, Replicas: 2, Routers: 2, Simulated: true, Visited: true},
		{Name: "production", Swarm: true, Members: 3, Replicas: 3, Routers: 3, Certified: true},
	}
}

// The network that all containers of the core are in, and its addresses: a gateway believes what comes in the PROXY protocol only from there, and
// only by TLS with HAProxy's certificate.
const (
	network = "fxcore"
	subnet  = "10.90.0.0/16"
)

// The user of each kind of container, by number: no image relies on the names of a host.
const (
	programUser  = "65532"
	rabbitUser   = "5672"
	postgresUser = "5432"
	etcdUser     = "2379"
	redisUser    = "6379"
	haproxyUser  = "8404"
)

// user returns a user with its group of the same number.
func user(number string) string { return number + ":" + number }

// memberOf returns the name of a cluster's member: rabbit1.
func memberOf(cluster string, n int) string { return cluster + strconv.Itoa(n) }

// How containers are checked. Each check is a process that the engine starts, so checks are rare: many frequent ones have stopped whole hosts. A
// task has a name in the network only when it is healthy, so a member's check asks for its own life alone, never for its cluster.
func check(test ...string) mapping {
	return mapping{{"test", test}, {"interval", "15s"}, {"timeout", "10s"}, {"retries", 4}, {"start_period", "60s"}}
}

// watched is how long a Swarm watches a new container before it goes on: longer than a container may take to be called unhealthy.
const watched = "150s"
