package steps_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/follow"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/credential"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

const (
	password = "correct horse battery"
	otp      = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ" // the secret of RFC 6238
	secret   = "0123456789abcdef0123456789abcdef"
)

// door is the tokens' queue of one core, with a clock that the test moves.
type door struct {
	t       *testing.T
	pool    *pgxpool.Pool
	key     access.PrivateKey
	openID  *openid.Provider // nil: off
	handler amqp.Handler
	now     time.Time
	serial  int
}

// staff has a trader, an officer of compliance, a user of an unknown role, and a system.
func staff() static {
	dir := directory()
	dir.Users = authorization.Set[authorization.User]{AsOf: dir.Clients.AsOf, Until: dir.Clients.Until, Records: map[string]authorization.User{
		"U0001": {Role: "trader", Desk: "FXS1"}, "U0002": {Role: "trader", Desk: "FXS1"}, "U0013": {Role: "operations"}, "U0014": {Role: "compliance"}, "U0099": {Role: "guest"},
		"S0001": {Role: "system"},
	}}
	dir.Desks = authorization.Set[authorization.Desk]{AsOf: dir.Clients.AsOf, Until: dir.Clients.Until, Records: map[string]authorization.Desk{
		"FXS1": {Products: []string{"spot"}},
	}}
	return dir
}

func newDoor(t *testing.T) *door {
	t.Helper()
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	d := &door{t: t, pool: schema(t), key: key, now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}
	d.handler = d.steps().Handler(d.pool, "auth/1", testkit.Log(t))
	return d
}

func (d *door) steps() stepsOfTokens {
	return steps.TokenSteps(staff(), steps.Issuing{
		Keys: follow.Always(access.Keys{d.key}), Audiences: []string{"api", "workstation"}, OpenID: d.openID, Person: 8 * time.Hour, System: time.Hour,
	}, func() time.Time { return d.now })
}

func (d *door) event(typ event.Type, origin string, data any) event.Event {
	d.t.Helper()
	d.serial++
	e, err := event.New(typ, event.NewID(testkit.Day, "message", fmt.Sprint(d.serial)), origin, "story", data)
	if err != nil {
		d.t.Fatal(err)
	}
	e.Deadline = d.now.Add(time.Minute)
	return e
}

// sets is the command that gives a user a credential.
func (d *door) sets(user, grant, client string) event.Event {
	d.t.Helper()
	keys, _, err := credential.System(secret)
	if grant == access.Password {
		keys, _, err = credential.Person(password, otp, credential.Cost{MemoryKiB: 8, Passes: 1})
	}
	if err != nil {
		d.t.Fatal(err)
	}
	sealed, err := d.key.Public().Seal(credential.Binding(user), keys)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.event(contract.CredentialCommanded, contract.Operations, messages.Credential{
		User: user, Grant: grant, Client: client, Sealed: sealed, By: "root@host", Reason: "a test",
	})
}

// asks is a request for the token of a name, with a proof that is right at the time of the door's clock.
func (d *door) asks(user, token string, change ...func(*access.Requested, *access.Proof)) event.Event {
	d.t.Helper()
	code, err := credential.CodeAt(otp, d.now)
	if err != nil {
		d.t.Fatal(err)
	}
	r := access.Requested{TokenHash: access.HashOf(token), Grant: access.Password, User: user, Audience: "api"}
	p := access.Proof{Password: password, Code: code}
	for _, c := range change {
		c(&r, &p)
	}
	if r, err = d.key.Public().SealProof(r, p); err != nil {
		d.t.Fatal(err)
	}
	return d.event(contract.TokenRequested, contract.API, r)
}

func bySecret(r *access.Requested, p *access.Proof) {
	r.Grant, *p = access.ClientCredentials, access.Proof{Secret: secret}
}

func wrong(_ *access.Requested, p *access.Proof) { p.Password = "a wrong guess" }

func (d *door) revokes(r access.Revoke) event.Event {
	d.t.Helper()
	r.Reason = "a test"
	return d.event(contract.TokenCommanded, contract.API, r)
}

// handle returns what an event led to in short: the participle, and the code of a refusal. It is "error" if the event cannot be
// handled, and "nothing" if it led to nothing.
func (d *door) handle(e event.Event) string {
	d.t.Helper()
	r := d.handler.Handle(d.t.Context(), []event.Event{e})[0]
	if r.Err != nil {
		return "error"
	}
	if len(r.Emit) == 0 {
		return "nothing"
	}
	var data struct{ Code string }
	if err := json.Unmarshal(r.Emit[0].Data, &data); err != nil {
		d.t.Fatal(err)
	}
	if r.Emit[0].Type == contract.TokenRefused {
		return "refused " + data.Code
	}
	return r.Emit[0].Type.Name
}

// leadsTo fails the test unless the event leads to the wanted answer.
func (d *door) leadsTo(want, what string, e event.Event) {
	d.t.Helper()
	if got := d.handle(e); got != want {
		d.t.Errorf("%s: %s, want %s", what, got, want)
	}
}
