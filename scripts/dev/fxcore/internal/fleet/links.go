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

// Links say where single processes reach a server instead of at the server itself: of auth-1, say, postgres at
// 127.0.0.1:4711. haproxy reaches the instances of the gateways: fix-1 for the connections of providers, fix-1-health for
// the checks. Whoever listens there relays, and may trouble what passes; see docs/faults.md.
type Links map[string]map[string]string

// ReadLinks reads them from a JSON file; none if path is empty.
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

// router is the name under which HAProxy has its links.
const router = "haproxy"

// instance is a gateway's instance as HAProxy reaches it.
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

// setting is where a program finds the address of a server.
func setting(name string) string {
	switch name {
	case "amqp", "postgres", "redis":
		return strings.ToUpper(name) + "_URL"
	case "mainframe":
		return "MAINFRAME_ADDR"
	}
	return ""
}

// apply puts a process' links into its environment.
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

// elsewhere is an address or a URL with another host.
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
