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

	"fxcore/scripts/internal/operator"
)

// Gateway is one kind of gateway: its instances, and the providers whose sessions they serve. One instance serves a
// provider's session.
type Gateway struct {
	Name        string // fix or socket; also the name of its files, and the beginning of its backends' names
	Plain, TLS  int    // HAProxy's ports
	Certificate []byte // PEM, with its chain and its key
	// Whole is HAProxy's condition that the first message is complete. Session is HAProxy's expression for the text in
	// that message that identifies the session, as in Provider.Session.
	Whole, Session string
	Instances      []Instance
	Providers      []Provider
}

// Instance is one process of a gateway.
type Instance struct {
	Name    string // fix-1
	Address string // where it accepts connections from HAProxy
	Health  int    // port of its health address
}

// Provider tells HAProxy which sessions belong to a provider.
type Provider struct {
	ID      string // the ID in /active/<ID>
	Session string // the text in the first message that identifies the session
}

// FIXGateway returns a gateway whose sessions are identified by BeginString, SenderCompID and TargetCompID of a Logon
// with a correct length and sum. An equals sign separates them, because our CompIDs never contain one.
func FIXGateway() Gateway {
	const tag = "%[req.payload(0,0),fix_tag_value("
	return Gateway{
		Name: "fix", Whole: "req.payload(0,0),fix_is_valid",
		Session: fmt.Sprintf(`"%s8)]=%s49)]=%s56)]"`, tag, tag, tag),
	}
}

// SocketGateway returns a gateway whose sessions are identified by the user name in a SoupBinTCP login: 6 bytes from
// the fourth byte of a packet of 49 bytes. HAProxy compares them as hexadecimal digits, spaces included.
func SocketGateway() Gateway {
	return Gateway{Name: "socket", Whole: "req.len ge 49", Session: `"%[req.payload(3,6),hex]"`}
}

// SocketProvider returns a provider of the socket gateway. It returns an error for an id or user that the provider
// file may not contain.
func SocketProvider(id, user string) (Provider, error) {
	if !idForm.MatchString(id) || !userForm.MatchString(user) {
		return Provider{}, fmt.Errorf("provider %q: the id or the user is not valid", id)
	}
	return Provider{ID: id, Session: fmt.Sprintf("%X", fmt.Sprintf("%-6s", user))}, nil
}

// FIXProvider returns a provider of the FIX gateway. It returns an error for a name that the provider file may not
// contain, because such a name could have a meaning in HAProxy's files.
func FIXProvider(id, beginString, sender, target string) (Provider, error) {
	switch {
	case !idForm.MatchString(id):
		return Provider{}, fmt.Errorf("provider %q: an id has 1 to 32 of A-Z, 0-9 and -", id)
	case !versionForm.MatchString(beginString), !compIDForm.MatchString(sender), !compIDForm.MatchString(target):
		return Provider{}, fmt.Errorf("provider %s: begin_string, sender_comp_id or target_comp_id is not valid", id)
	}
	return Provider{ID: id, Session: beginString + "=" + sender + "=" + target}, nil
}

var (
	idForm      = regexp.MustCompile(`^[A-Z0-9-]{1,32}$`)
	userForm    = regexp.MustCompile(`^[A-Za-z0-9]{1,6}$`)
	versionForm = regexp.MustCompile(`^FIXT?\.[0-9.]{1,8}$`)
	compIDForm  = regexp.MustCompile(`^[!-<>-~]{1,64}$`)
)

// Backend returns the name of a provider's backend.
func (p Provider) Backend(g Gateway) string { return g.Name + "-" + p.ID }

// haproxyStatus asks HAProxy for the status of its backends: name -> UP, DOWN …
func haproxyStatus(ctx context.Context, setting Setting) (map[string]string, error) {
	response, err := operator.Do(ctx, http.MethodGet, HAProxyPage(setting), "/;csv")
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

// AwaitRoutes waits until every provider of a gateway has an instance. If ctx ends first, its error names providers
// without one.
func AwaitRoutes(ctx context.Context, setting Setting, gateway string) error {
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		var without []string
		backends, err := haproxyStatus(ctx, setting)
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
