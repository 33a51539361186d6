package fleet

import (
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"

	"fxcore/scripts/dev/fxcore/internal/server"
)

// Links redirect the connections of single processes: process id -> server -> address. With auth-1 -> postgres ->
// 127.0.0.1:4711, auth-1 reaches PostgreSQL at that address. A relay listens there and can disturb the connection;
// see docs/faults.md. The process "haproxy" has two links to each instance of a gateway: fix-1 for the providers'
// connections, and fix-1-health for its checks.
type Links map[string]map[string]string

// ReadLinks reads links from a JSON file. It returns none if path is empty, and an error for an unknown server.
func ReadLinks(path string) (Links, error) {
	if path == "" {
		return nil, nil
	}
	var l Links
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &l)
	}
	if err != nil {
		return nil, fmt.Errorf("read links: %w", err)
	}
	for id, servers := range l {
		for name := range servers {
			if id != router && setting(name) == "" {
				return nil, fmt.Errorf("read links: %s is to reach %q, which is none of amqp, postgres, redis, mainframe", id, name)
			}
		}
	}
	return l, nil
}

// router is HAProxy's process id in the links.
const router = "haproxy"

// instance returns a gateway's instance with the addresses that HAProxy must use.
func (l Links) instance(i server.Instance) (server.Instance, error) {
	ways := l[router]
	if way, linked := ways[i.Name]; linked {
		i.Address = way
	}
	way, linked := ways[i.Name+"-health"]
	if !linked {
		return i, nil
	}
	_, port, err := net.SplitHostPort(way)
	if err == nil {
		i.Health, err = strconv.Atoi(port)
	}
	if err != nil {
		return i, fmt.Errorf("link %s to %s-health: %w", router, i.Name, err)
	}
	return i, nil
}

// setting returns the name of the environment variable with a server's address; empty for an unknown server.
func setting(name string) string {
	switch name {
	case "amqp", "postgres", "redis":
		return strings.ToUpper(name) + "_URL"
	case "mainframe":
		return "MAINFRAME_ADDR"
	}
	return ""
}

// apply returns a process's environment with the addresses of its links.
func (l Links) apply(id string, env []string) ([]string, error) {
	linked := make([]string, len(env))
	for i, line := range env {
		name, value, _ := strings.Cut(line, "=")
		for to, address := range l[id] {
			if setting(to) != name {
				continue
			}
			var err error
			if value, err = elsewhere(value, address); err != nil {
				return nil, fmt.Errorf("link %s to %s: %w", id, to, err)
			}
		}
		linked[i] = name + "=" + value
	}
	return linked, nil
}

// elsewhere replaces the host and port of a URL, or the whole of an address.
func elsewhere(value, address string) (string, error) {
	if !strings.Contains(value, "://") {
		return address, nil
	}
	u, err := url.Parse(value)
	if err != nil {
		return "", fmt.Errorf("read its URL: %w", err)
	}
	u.Host = address
	return u.String(), nil
}
