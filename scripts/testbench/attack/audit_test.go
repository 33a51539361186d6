//go:build e2e

package attack

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
	"fxcore/scripts/internal/programs"
	"fxcore/services/contract"
)

// audited waits until the audit has an entry for which a condition of SQL holds.
func (c *core) audited(t *testing.T, condition string, args ...any) {
	t.Helper()
	db := c.database(t)
	testkit.Eventually(t, "an entry of the audit: "+condition, attackBound, func() error {
		var n int
		err := db.QueryRow(t.Context(), `SELECT count(*) FROM tracing.audit WHERE `+condition, args...).Scan(&n)
		if err == nil && n == 0 {
			err = errors.New("there is none")
		}
		return err
	})
}

// run runs a program of the core as somebody at the shell, and returns what it says.
func (c *core) run(t *testing.T, program string, args ...string) (said string, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), attackBound)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(c.Bin, program), args...).CombinedOutput() //nolint:gosec // ours
	return string(out), err
}

// Nobody commands failover by a message: the broker refuses it from most, and failover refuses the rest, because no person's token stands behind
// it. Not even failover's own credentials do, neither straight nor by its place of rest. The audit tells of it and does not believe the name.
func TestNobodyCommandsByAMessage(t *testing.T) {
	c := theCore(t)
	for _, p := range programs.Ours() {
		if !p.Uses(programs.AMQP) {
			continue
		}
		e := forged(t, contract.FailoverCommanded, contract.Operations, "command", map[string]any{"command": "drain", "instance": "fix/1", "by": "ceo-" + p.Name + "@bank"})
		e.Deadline = time.Now().Add(time.Minute)
		conn := c.means(t, p.Name).broker(t)
		err := send(t, conn, contract.OpsExchange, e.Key(), event.MediaType, p.Name, event.Append(nil, e))
		may := p.Name == "failover" || p.Name == contract.Auth
		if (err == nil) != may {
			t.Errorf("%s: %v", p.Name, err)
		}
		if !may {
			continue
		}
		c.audited(t, "what = 'failover.commanded' and outcome = 'refused' and who = $1", "claims to be ceo-"+p.Name+"@bank")
		if p.Name == "failover" {
			if err := send(t, conn, amqp.RestExchange, "failover.retry", event.MediaType, p.Name, event.Append(nil, e)); err != nil {
				t.Fatal(err)
			}
		}
	}
	c.failedWith(t, "failover", "no proof")
	c.audited(t, "what = 'message.refused' and about like '% in failover'")
	for _, typ := range []event.Type{contract.JobCommanded, contract.SettlementCommanded} {
		e := forged(t, typ, contract.Operations, "M1", map[string]any{
			"movement_id": "512f2726-7f2d-850d-a7d3-69141e981d96", "action": "settle_by_hand", "reference": "x", "job": "balance books", "by": "ceo@bank", "reason": "x",
		})
		e.Deadline = time.Now().Add(time.Minute)
		if err := send(t, c.means(t, "settlement").broker(t), contract.Exchange(typ), e.Key(), event.MediaType, "settlement", event.Append(nil, e)); err != nil {
			t.Fatal(err)
		}
		c.audited(t, "what = $1 and outcome = 'refused' and who = 'claims to be ceo@bank'", typ.Name)
	}
	var obeyed int
	if err := c.database(t).QueryRow(t.Context(), `SELECT count(*) FROM failover.history WHERE by LIKE '%@bank'`).Scan(&obeyed); err != nil || obeyed > 0 {
		t.Errorf("failover's history has %d of these commands: %v", obeyed, err)
	}
}

// A person commands by a token, and the audit knows who it was: auth has written it. In an emergency it is the person at the shell, and the audit
// says so.
func TestTheAuditKnowsWhoCommands(t *testing.T) {
	c := theCore(t)
	reason := "an attack at " + time.Now().Format(time.RFC3339Nano)
	if out, err := c.run(t, "fxctl", "--core", c.Folder, "failover", "manual", "-why", reason); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	defer func() { _, _ = c.run(t, "fxctl", "--core", c.Folder, "failover", "automatic") }()
	c.audited(t, "what = 'failover.commanded' and outcome = 'done' and who = 'U0013' and why = $1 and source like 'auth/%'", reason)
	if out, err := c.run(t, "fxctl", "--core", c.Folder, "failover", "manual", "--break-glass", "-why", reason+" in an emergency"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	c.audited(t, "what = 'failover.commanded' and outcome = 'done' and who like 'break glass: %' and why = $1 and source like '%emergencies'", reason+" in an emergency")
	if out, err := c.run(t, "fxctl", "--core", c.Folder, "audit", "--what", "failover", "--who", "U0013"); err != nil || !strings.Contains(out, reason) {
		t.Errorf("%v\n%s", err, out)
	}
}

// With tracing's own password nobody changes, removes or adds to what the audit has: the database refuses it.
func TestTheAuditsWriterRewritesNothing(t *testing.T) {
	c := theCore(t)
	c.audited(t, "what = 'secrets.read'")
	for what, statement := range map[string]string{
		"changes a record":     `UPDATE tracing.journal SET payload = '{}' WHERE chain = 16`,
		"removes a record":     `DELETE FROM tracing.journal WHERE chain = 16`,
		"changes an entry":     `UPDATE tracing.audit SET who = 'nobody'`,
		"removes an entry":     `DELETE FROM tracing.audit`,
		"empties the audit":    `TRUNCATE tracing.audit`,
		"removes an anchor":    `DELETE FROM tracing.part WHERE chain = 16`,
		"drops the audit":      `DROP TABLE tracing.audit`,
		"forgets before it is": `DO $$ BEGIN PERFORM tracing.forget_audit(99999); IF NOT EXISTS (SELECT FROM tracing.audit) THEN RETURN; END IF; RAISE insufficient_privilege; END $$`,
	} {
		_, err := c.means(t, "tracing").database(t).Exec(t.Context(), statement)
		if err == nil || !strings.Contains(err.Error(), "42501") {
			t.Errorf("it %s: %v", what, err)
		}
	}
}

// The database's administrator can write past every right. The verifier names the record.
func TestHarmToTheAuditIsNamed(t *testing.T) {
	c := theCore(t)
	c.audited(t, "what = 'secrets.read'")
	db := connect(t, c.urls["admin_postgres"])
	verify := func() string {
		t.Helper()
		out, err := c.Command(t.Context(), "tracing", "-verify")
		if err != nil && !strings.Contains(out, "chain 16") {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	if out := verify(); strings.Contains(out, "chain 16") {
		t.Fatalf("before: %s", out)
	}
	var seq int64
	var payload []byte
	if err := db.QueryRow(t.Context(), `SELECT seq, payload FROM tracing.journal WHERE chain = 16 ORDER BY seq LIMIT 1`).Scan(&seq, &payload); err != nil {
		t.Fatal(err)
	}
	set := func(to []byte) {
		t.Helper()
		if _, err := db.Exec(t.Context(), `UPDATE tracing.journal SET payload = $2 WHERE chain = 16 AND seq = $1`, seq, to); err != nil {
			t.Fatal(err)
		}
	}
	set([]byte(`{"who":"nobody"}`))
	defer set(payload)
	if out := verify(); !strings.Contains(out, "chain 16") || !strings.Contains(out, fmt.Sprintf("record %d", seq)) || !strings.Contains(out, "changed") {
		t.Errorf("the verifier says %s", out)
	}
}

// Strangers who guess and send noise without end make a bounded number of entries, none of them raw, and push out nobody's.
func TestStrangersCannotFloodTheAudit(t *testing.T) {
	c := theCore(t)
	db := c.database(t)
	count := func(condition string) (n int) {
		t.Helper()
		if err := db.QueryRow(t.Context(), `SELECT count(*) FROM tracing.audit WHERE `+condition).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	c.audited(t, "what = 'secrets.read'")
	others, before, began := count("what = 'secrets.read'"), count("source like 'fix/%'"), time.Now()
	h := fixwire.Header{Begin: "FIX.4.4", Sender: "NOBODY", Target: "FXCORE", Seq: 1, Sent: time.Now()}
	noise := fixwire.Append(nil, h, fixwire.NewBody(strings.Repeat("\u009b\x1b", 900)))
	const flooder = "127.0.0.77"
	for i := range 400 {
		_ = said(t, c.connectFrom(t, flooder, c.urls["fix"]), logon(fmt.Sprint("GUESS", i), "guess"))
		_ = said(t, c.connectFrom(t, flooder, c.urls["fix"]), noise)
	}
	c.audited(t, "what in ('logon.refused', 'logon.held_back') and outcome = 'refused' and who like 'GUESS%' and address <> ''")
	minutes := int(time.Since(began).Minutes()) + 2
	if made := count("source like 'fix/%'") - before; made > minutes*2*2*70 {
		t.Errorf("%d entries in %d minutes, from two replicas", made, minutes)
	}
	if now := count("what = 'secrets.read'"); now < others {
		t.Errorf("%d of %d entries of others are left", now, others)
	}
	if raw := count("who like '%' || chr(155) || '%' or why like '%' || chr(155) || '%' or why like '%' || chr(27) || '%'"); raw > 0 {
		t.Errorf("%d entries have what a stranger sent as it came", raw)
	}
}
