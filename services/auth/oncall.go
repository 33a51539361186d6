package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/run"
	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// Exit codes of the command line.
const (
	exitDone        = 0
	exitUsage       = 2
	exitUnreachable = 4
)

const usage = `usage: auth key                                              draws auth's key and prints it, with its public part
       auth credential person -reason TEXT USER             standard input: the password; in a second line the secret of
                                                            one-time codes in base32, or nothing to have one drawn
       auth credential system -reason TEXT -client ID USER  standard input: the secret, or nothing to have one drawn
       auth credential remove -reason TEXT USER
       auth token revoke -reason TEXT USER|HASH             one token, or all tokens of a user`

// terminal is where a command line reads and writes.
type terminal struct {
	in  io.Reader
	out io.Writer
}

// oncall is the command line of on-call for access. It works without the API and without auth: auth gets the commands by the
// broker. A credential is sealed for auth's key before it leaves the process. It returns the exit code.
func oncall(ctx context.Context, args []string, t terminal) int {
	if args[0] == "key" {
		return t.key()
	}
	command, said, err := t.parse(args)
	if err != nil {
		_, _ = fmt.Fprintln(t.out, err)
		return exitUsage
	}
	if err := run.Tell(ctx, amqp.Topology{Service: "auth", Publishes: messages.Commands()}, command); err != nil {
		_, _ = fmt.Fprintln(t.out, err)
		return exitUnreachable
	}
	_, _ = fmt.Fprintln(t.out, said)
	return exitDone
}

// isOnCall reports whether the arguments are those of a command line, and not of the service.
func isOnCall(args []string) bool {
	return len(args) > 0 && (args[0] == "key" || args[0] == "credential" || args[0] == "token")
}

func (t terminal) key() int {
	key, err := access.NewKey()
	if err != nil {
		_, _ = fmt.Fprintln(t.out, err)
		return exitUnreachable
	}
	_, _ = fmt.Fprintf(t.out, "ACCESS_KEY=%s\nACCESS_PUBLIC_KEY=%s\n", key.Reveal(), key.Public())
	return exitDone
}

// parse returns the command in the arguments, and what to say when it is on its way.
func (t terminal) parse(args []string) (e event.Event, said string, err error) {
	if len(args) < 2 {
		return e, "", errors.New(usage)
	}
	var reason, client string
	flags := flag.NewFlagSet(args[1], flag.ContinueOnError)
	flags.SetOutput(t.out)
	flags.StringVar(&reason, "reason", "", "why: it is kept")
	flags.StringVar(&client, "client", "", "for which a system acts, * for all")
	if err := flags.Parse(args[2:]); err != nil {
		return e, "", err
	}
	user := flags.Arg(0)
	switch args[0] + " " + args[1] {
	case "credential person", "credential system", "credential remove":
		c := messages.Credential{User: user, Client: client, By: run.Caller(), Reason: reason}
		if said, err = t.fill(&c, args[1]); err != nil {
			return e, "", err
		}
		e, err = command(contract.CredentialCommanded, c)
		return e, said, errors.Join(c.Check(), err)
	case "token revoke":
		r := access.Revoke{User: user, By: run.Caller(), Reason: reason}
		if access.CheckHash(user) == nil {
			r.User, r.TokenHash = "", user
		}
		if reason == "" || user == "" {
			return e, "", errors.New(usage)
		}
		e, err = command(contract.TokenCommanded, r)
		return e, "told auth to revoke " + user, err
	}
	return e, "", errors.New(usage)
}

// fill completes a command about a credential, and returns what to say when it is on its way.
func (t terminal) fill(c *messages.Credential, kind string) (said string, err error) {
	if kind == "remove" {
		return "told auth to remove the credential of " + c.User, nil
	}
	lines := bufio.NewScanner(io.LimitReader(t.in, 1<<12))
	line := func() string {
		lines.Scan()
		return strings.TrimSpace(lines.Text())
	}
	var keys credential.Keys
	if kind == "person" {
		c.Grant = access.Password
		keys, said, err = credential.Person(line(), line(), credential.Standard())
		said = "told auth to keep the credential of " + c.User + "; for the authenticator: " + enrolment(c.User, said)
	} else {
		c.Grant = access.ClientCredentials
		keys, said, err = credential.System(line())
		said = "told auth to keep the credential of " + c.User + "; its secret: " + said
	}
	if err != nil {
		return "", err
	}
	key, err := config.Load[keySettings]()
	if err == nil {
		c.Sealed, err = key.Public.Seal(credential.Binding(c.User), keys)
	}
	return said, err
}

// enrolment returns the address that an authenticator reads, as a QR code or typed.
func enrolment(user, secret string) string {
	return "otpauth://totp/" + url.PathEscape("FXCore:"+user) + "?" + url.Values{"secret": {secret}, "issuer": {"FXCore"}}.Encode()
}

// keySettings is what the command line needs besides the broker. It needs no secret.
type keySettings struct {
	Public access.PublicKey `env:"ACCESS_PUBLIC_KEY,required"`
}

func command(typ event.Type, data any) (event.Event, error) {
	now := time.Now().UTC()
	id := event.NewID(event.DayOf(now), typ.Name, rand.Text())
	e, err := event.New(typ, id, contract.Operations, id, data)
	e.Time, e.Source = now, "auth/command"
	return e, err
}

// shell is the terminal of the process.
func shell() terminal { return terminal{os.Stdin, os.Stdout} }
