package fleet

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strings"
)

// Links say where single processes reach a server instead of at the server itself: of auth-1, say, postgres at
// 127.0.0.1:4711. Whoever listens there relays, and may trouble what passes; see docs/faults.md.
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
		for server := range servers {
			if setting(server) == "" {
				return nil, fmt.Errorf("read links: %s is to reach %q, which is none of amqp, postgres, redis, mainframe", id, server)
			}
		}
	}
	return l, nil
}

// setting is where a program finds the address of a server.
func setting(server string) string {
	switch server {
	case "amqp", "postgres", "redis":
		return strings.ToUpper(server) + "_URL"
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
		for server, address := range l[id] {
			if setting(server) != name {
				continue
			}
			var err error
			if value, err = elsewhere(value, address); err != nil {
				return nil, fmt.Errorf("link %s to %s: %w", id, server, err)
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
