package server

// Operations is the one address of on-call behind HAProxy: a request goes by its path to a ready instance of a service.
type Operations struct {
	Port        int    // HAProxy's port, for HTTPS; 0: HAProxy does not route to it
	Certificate []byte // PEM, with its chain and its key
	CA          []byte // PEM: what signs the certificates of the instances
	Services    []Watcher

	Most       int // connections at once
	PerAddress int // connections of one address at once
	Rate       int // new connections of one address in ten seconds
}

// Watcher is a service of on-call. It gets the requests whose path is one of its own or below one; the first of the services gets the others.
type Watcher struct {
	Name      string
	Paths     []string
	Instances []Instance // each serves HTTPS
}

// NewOperations returns the front with the bounds of connections that keep a flood of one address from all others. The first service is the
// one that gets what no other wants; without services there is no front.
func NewOperations(port int, certificate, ca []byte, services []Watcher) Operations {
	if len(services) == 0 {
		return Operations{}
	}
	return Operations{Port: port, Certificate: certificate, CA: ca, Services: services, Most: 2000, PerAddress: 1000, Rate: 2000}
}
