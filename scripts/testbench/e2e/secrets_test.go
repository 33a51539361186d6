//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	socket "fxcore/gateways/socket/client"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/testbench/oracle"
)

// Passwords of logons that fail, as long as a login of the socket protocol has room for.
const (
	wrongPassword = "wrong-5f1c"
	newPassword   = "a-new-77ab"
)

// secrets: providers log on by each protocol, and people and systems ask for tokens, with their own secrets and with wrong ones. None of
// these secrets, and no token, is anywhere that it should not be.
func (c *core) secrets(t *testing.T) {
	c.refusedLogon(t, "TEST7", wrongPassword, "")
	c.refusedLogon(t, "TEST8", wrongPassword, newPassword)
	c.socketLogins(t)
	var traded []string
	for _, provider := range []string{"SANDBOX44", "SANDBOX50"} {
		cl := c.client(t, provider, "secrets")
		o := cl.good(t)
		cl.mustFill(t, o)
		traded = append(traded, o.reference)
	}
	c.issued = c.tokens(t)
	planted := rand.Text() // resembles nothing, so that compressed files have it as it is
	c.plant(t, planted)
	c.hidesPasswords(t, append(traded, planted)...)
	c.judge(t, oracle.Rules()...)
}

// noPassword looks for passwords after all parts. Alone it has nothing to search, and says so: that is no success.
func (c *core) noPassword(t *testing.T) {
	if c.began.IsZero() {
		t.Skip("no part has run")
	}
	c.hidesPasswords(t)
}

// hidesPasswords holds that the passwords of all providers and users, those of logons that failed, and tokens are in no log, no table, no
// queue, no other file of the core, and in nothing that on-call is shown. Texts that are known to be there must be found in each kind of place.
func (c *core) hidesPasswords(t *testing.T, known ...string) {
	t.Helper()
	hidden := append(c.userSecrets(t), wrongPassword, newPassword)
	hidden = append(hidden, c.issued...)
	for _, p := range c.bank.Providers {
		hidden = append(hidden, password(p.ID), socketPassword(p.ID))
	}
	s := newSearch(hidden, known)
	began := time.Now()
	c.tables(t, s)
	c.stores(t, s)
	c.files(t, s)
	c.shownToOnCall(t, s)
	if len(known) > 0 {
		c.foundEverywhere(t, s)
	}
	for _, where := range s.found {
		t.Errorf("a secret is in %s", where)
	}
	t.Logf("%d tables, %d files, %d answers, %d MB searched for %d secrets in %s", s.tables, s.files, s.answers, s.bytes>>20, len(hidden), since(began))
}

// socketLogins logs a provider on by the socket protocol, and tries it with a wrong password.
func (c *core) socketLogins(t *testing.T) {
	t.Helper()
	const provider = "STEST3"
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for password, taken := range map[string]bool{socketPassword(provider): true, wrongPassword: false} {
		who := socket.Credentials{Username: strings.ToLower(provider), Password: password}
		there, err := socket.Dial(ctx, c.urls["socket"], who, socket.Point{Next: 1})
		if err == nil {
			there.Close()
		}
		if (err == nil) != taken {
			t.Errorf("%s: login taken %t, error %v", who, !taken, err)
		}
	}
}

// socketPassword is the password of a provider of the demo that comes by the socket protocol.
func socketPassword(provider string) string { return strings.ToLower(provider) + "demo" }

// refusedLogon tries to log on with a wrong password, and perhaps with a new one (925) beside it.
func (c *core) refusedLogon(t *testing.T, provider, wrong, renewed string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cfg := c.session(provider)
	logon := fixwire.NewBody("A").Int(98, 0).Int(108, 30).Text(553, cfg.Username).Text(554, wrong)
	if renewed != "" {
		logon.Text(925, renewed)
	}
	if cfg.Begin == fixwire.FIXT11 {
		logon.Text(1137, "9")
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", cfg.Address)
	if err != nil {
		t.Fatal(err)
	}
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	defer func() { _ = conn.Close() }()
	header := fixwire.Header{Begin: cfg.Begin, Sender: cfg.Sender, Target: cfg.Target, Seq: 1, Sent: time.Now()}
	if _, err := conn.Write(fixwire.Append(nil, header, logon)); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn) // until the gateway ends the connection
	if err != nil || bytes.Contains(answer, []byte("\x0135=A\x01")) {
		t.Errorf("a wrong password is answered with %q, %v", answer, err)
	}
}
