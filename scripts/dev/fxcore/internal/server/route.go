package server

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Gateway is one kind of gateway, its instances, and the providers whose sessions they serve, each of them one.
type Gateway struct {
	Name        string // of it and of its files, and the beginning of its providers' backends: fix
	Plain, TLS  int    // HAProxy's ports
	Certificate []byte // PEM, with its chain and its key
	// Whole is a condition in HAProxy's language: the first message is there as a whole. Session is a text in it: what in
	// that message names the session, as in Provider.Session.
	Whole, Session string
	Instances      []Instance
	Providers      []Provider
}

// Instance is one process of a gateway.
type Instance struct {
	Name    string // fix-1
	Address string // where it takes connections of a proxy
	Health  int    // port of its health address
}

// Provider is where one provider's session is routed by.
type Provider struct {
	ID      string // as in /active/<ID>
	Session string // names it in its first message
}

// FIXGateway says how a FIX session is known: by BeginString, SenderCompID and TargetCompID of a Logon whose length and sum
// are right. An equals sign parts them, because none of ours can have one.
func FIXGateway() Gateway {
	const tag = "%[req.payload(0,0),fix_tag_value("
	return Gateway{
		Name: "fix", Whole: "req.payload(0,0),fix_is_valid",
		Session: fmt.Sprintf(`"%s8)]=%s49)]=%s56)]"`, tag, tag, tag),
	}
}

// SocketGateway says how a login of SoupBinTCP is known: a packet of 49 bytes, whose user is the six from the fourth on. They are
// compared in hexadecimal digits, blanks included.
func SocketGateway() Gateway {
	return Gateway{Name: "socket", Whole: "req.len ge 49", Session: `"%[req.payload(3,6),hex]"`}
}

// SocketProvider is a provider of the socket gateway. Error: an id or a user that its provider file may not have either.
func SocketProvider(id, user string) (Provider, error) {
	if !idForm.MatchString(id) || !userForm.MatchString(user) {
		return Provider{}, fmt.Errorf("provider %q: id or user is not one", id)
	}
	return Provider{ID: id, Session: fmt.Sprintf("%X", fmt.Sprintf("%-6s", user))}, nil
}

// FIXProvider is a provider of the FIX gateway. Error: a name that its provider file may not have either, and which could
// mean something in HAProxy's files.
func FIXProvider(id, beginString, sender, target string) (Provider, error) {
	switch {
	case !idForm.MatchString(id):
		return Provider{}, fmt.Errorf("provider %q: an id has 1 to 32 of A-Z, 0-9 and -", id)
	case !versionForm.MatchString(beginString), !compIDForm.MatchString(sender), !compIDForm.MatchString(target):
		return Provider{}, fmt.Errorf("provider %s: begin_string, sender_comp_id or target_comp_id is not one", id)
	}
	return Provider{ID: id, Session: beginString + "=" + sender + "=" + target}, nil
}

var (
	idForm      = regexp.MustCompile(`^[A-Z0-9-]{1,32}$`)
	userForm    = regexp.MustCompile(`^[A-Za-z0-9]{1,6}$`)
	versionForm = regexp.MustCompile(`^FIXT?\.[0-9.]{1,8}$`)
	compIDForm  = regexp.MustCompile(`^[!-<>-~]{1,64}$`)
)

// Backend is the name of a provider's backend. No other begins like it.
func (p Provider) Backend(g Gateway) string { return g.Name + "-" + p.ID }

// haproxyStatus asks HAProxy how its backends are: name -> UP, DOWN …
func haproxyStatus(ctx context.Context, port int) (map[string]string, error) {
	url := fmt.Sprintf("http://%s:%d/;csv", host, port)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fmt.Errorf("ask HAProxy: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask HAProxy: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask HAProxy: it answers %s", response.Status)
	}
	rows, err := csv.NewReader(response.Body).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read HAProxy's answer: %w", err)
	}
	const name, part, status = 0, 1, 17 // pxname, svname, status: management guide, 9.1
	backends := map[string]string{}
	for _, row := range rows {
		if len(row) > status && row[part] == "BACKEND" {
			backends[row[name]] = row[status]
		}
	}
	return backends, nil
}

// AwaitRoutes returns once every provider of a gateway has an instance, or when ctx ends with an error that names those
// without.
func AwaitRoutes(ctx context.Context, port int, gateway string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var without []string
		backends, err := haproxyStatus(ctx, port)
		for name, status := range backends {
			if strings.HasPrefix(name, gateway+"-") && status != "UP" {
				without = append(without, strings.TrimPrefix(name, gateway+"-"))
			}
		}
		if err == nil && len(without) == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("HAProxy has no instance of %s for %d providers, such as %.3q: %w", gateway, len(without), without, errors.Join(err, ctx.Err()))
		case <-tick.C:
		}
	}
}
