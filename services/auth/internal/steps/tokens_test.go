package steps_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit/sample"
	"fxcore/services/auth/internal/messages"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
	"fxcore/services/contract/rights"
)

type stepsOfTokens = inbox.Steps[*steps.Tokens]

const (
	issued  = "token.issued"
	revoked = "token.revoked"
	bad     = "refused bad_credentials"
)

func TestAPersonGetsATokenByPasswordAndCode(t *testing.T) {
	d := newDoor(t)
	d.leadsTo(revoked, "set", d.sets("U0001", access.Password, ""))
	e := d.asks("U0001", "one")
	r := d.handler.Handle(t.Context(), []event.Event{e})[0]
	var got access.Issued
	if r.Err != nil || json.Unmarshal(r.Emit[0].Data, &got) != nil {
		t.Fatalf("%+v", r)
	}
	var scope []string
	for _, a := range (rights.Holder{Roles: []string{"trader"}}).Actions() {
		scope = append(scope, string(a))
	}
	want := access.Issued{
		TokenHash: access.HashOf("one"), User: "U0001", Roles: []string{"trader"}, Desk: "FXS1", Audience: "api", Scope: scope,
		IssuedAt: d.now, ExpiresAt: d.now.Add(8 * time.Hour),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	d.leadsTo(bad, "the same code for another token", d.asks("U0001", "two"))
	d.leadsTo("refused duplicate", "the same token again", d.asks("U0001", "one"))
	d.now = d.now.Add(time.Minute)
	d.leadsTo(issued, "the next code", d.asks("U0001", "two"))
}

func TestASystemGetsATokenForItsClient(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("S0001", access.ClientCredentials, "C000001"))
	r := d.handler.Handle(t.Context(), []event.Event{d.asks("S0001", "one", bySecret)})[0]
	var got access.Issued
	if r.Err != nil || json.Unmarshal(r.Emit[0].Data, &got) != nil {
		t.Fatalf("%+v", r)
	}
	if got.Client != "C000001" || !got.ExpiresAt.Equal(d.now.Add(time.Hour)) {
		t.Errorf("%+v", got)
	}
	d.leadsTo(issued, "the same secret again", d.asks("S0001", "two", bySecret))
}

func TestWhyThereIsNoToken(t *testing.T) {
	d := newDoor(t)
	for _, user := range []string{"U0001", "U0002", "U0099", "U0404"} {
		d.handle(d.sets(user, access.Password, ""))
	}
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	type change = func(*access.Requested, *access.Proof)
	for _, c := range []struct {
		what, user string
		change     change
		want       string
	}{
		{"a user without a credential", "U0014", func(*access.Requested, *access.Proof) {}, bad},
		{"a wrong password", "U0001", wrong, bad},
		{"a wrong code", "U0001", func(_ *access.Requested, p *access.Proof) { p.Code = "12345" }, bad},
		{"no proof", "U0001", func(_ *access.Requested, p *access.Proof) { *p = access.Proof{} }, bad},
		{"a person by a secret", "U0001", bySecret, bad},
		{"a system by a password", "S0001", func(*access.Requested, *access.Proof) {}, bad},
		{"another grant", "U0001", func(r *access.Requested, _ *access.Proof) { r.Grant = "implicit" }, bad},
		{"another audience", "U0002", func(r *access.Requested, _ *access.Proof) { r.Audience = "mail" }, "refused wrong_audience"},
		{"a scope without the right", "S0001", func(r *access.Requested, p *access.Proof) {
			bySecret(r, p)
			r.Scope = []string{"trade.view", "job.command"}
		}, "refused no_right"},
		{"a scope with the right", "S0001", func(r *access.Requested, p *access.Proof) {
			bySecret(r, p)
			r.Scope = []string{"trade.view"}
		}, issued},
		{"a role without rights", "U0099", func(*access.Requested, *access.Proof) {}, "refused no_right"},
		{"a user who has left", "U0404", func(*access.Requested, *access.Proof) {}, "refused no_right"},
	} {
		d.leadsTo(c.want, c.what, d.asks(c.user, c.what, c.change))
	}
	late := d.asks("U0001", "late")
	late.Deadline = d.now.Add(-time.Second)
	d.leadsTo("refused expired", "a late request", late)
}

func TestAStolenProofIsOfNoUse(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	e := d.asks("U0001", "the owner's")
	var r access.Requested
	if err := e.Read(&r); err != nil {
		t.Fatal(err)
	}
	r.TokenHash = access.HashOf("the thief's")
	d.leadsTo("error", "the proof for another token", d.event(contract.TokenRequested, contract.API, r))
	d.leadsTo(issued, "the owner", e)
}

// After five wrong proofs nothing is looked at for a while, not even a right one. The wait doubles with each further failure.
func TestGuessingIsBounded(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	d.handle(d.sets("U0002", access.Password, ""))
	for range 5 {
		d.leadsTo(bad, "a guess", d.asks("U0001", "guess", wrong))
	}
	d.leadsTo("refused too_many_attempts", "a right proof", d.asks("U0001", "one"))
	d.leadsTo(issued, "another user", d.asks("U0002", "other"))
	d.now = d.now.Add(30 * time.Second)
	d.leadsTo(bad, "a guess after the wait", d.asks("U0001", "guess", wrong))
	d.now = d.now.Add(59 * time.Second)
	d.leadsTo("refused too_many_attempts", "before a minute has passed", d.asks("U0001", "one"))
	d.now = d.now.Add(time.Second)
	d.leadsTo(issued, "after a minute", d.asks("U0001", "one"))
	d.leadsTo(bad, "one wrong proof after a right one", d.asks("U0001", "guess", wrong))
	d.now = d.now.Add(30 * time.Second)
	d.leadsTo(issued, "which does not block", d.asks("U0001", "two"))
}

// Who tries passwords does not learn which users exist: the answers are the same for all names, on all replicas, in whatever time.
func TestTheAnswerToAGuessDoesNotTellWhoExists(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	for round := range 2 {
		for range 5 {
			for _, user := range []string{"U0001", "S0001", "NOBODY"} {
				d.leadsTo(bad, user, d.asks(user, "guess", wrong))
			}
			d.now = d.now.Add(time.Second)
		}
		for _, user := range []string{"U0001", "S0001", "NOBODY"} {
			d.leadsTo("refused too_many_attempts", user, d.asks(user, "sixth", wrong))
		}
		d.leadsTo(issued, "the system by its secret", d.asks("S0001", fmt.Sprint("system ", round), bySecret))
		d.now = d.now.Add(2 * time.Hour)
	}
	if err := store.ForgetAttempts(t.Context(), d.pool, d.now.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := d.pool.QueryRow(t.Context(), "select count(*) from attempt").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d names are left, %v", left, err)
	}
}

// A system's secret is drawn: nobody guesses it, and nobody keeps the system out by wrong ones.
func TestWrongSecretsDoNotKeepASystemOut(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	for n := range 6 {
		d.leadsTo(bad, "a wrong secret", d.asks("S0001", fmt.Sprint("guess ", n), func(r *access.Requested, p *access.Proof) {
			r.Grant, *p = access.ClientCredentials, access.Proof{Secret: "wrong"}
		}))
	}
	d.leadsTo(issued, "the right one", d.asks("S0001", "one", bySecret))
}

// To set the credential anew ends the wait.
func TestANewCredentialEndsTheWait(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	for range 5 {
		d.leadsTo(bad, "a guess", d.asks("U0001", "guess", wrong))
	}
	d.leadsTo("refused too_many_attempts", "a right proof", d.asks("U0001", "one"))
	d.handle(d.sets("U0001", access.Password, ""))
	d.leadsTo(issued, "after on-call has set the credential", d.asks("U0001", "two"))
}

func TestWhoMayRevoke(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	for _, token := range []string{"one", "two", "three", "four"} {
		d.leadsTo(issued, token, d.asks("S0001", token, bySecret))
	}
	hash := access.HashOf
	d.leadsTo("error", "another trader", d.revokes(access.Revoke{TokenHash: hash("one"), By: "U0001"}))
	d.leadsTo("error", "another trader, all", d.revokes(access.Revoke{User: "S0001", By: "U0001"}))
	d.leadsTo("error", "nobody", d.revokes(access.Revoke{TokenHash: hash("one"), By: "U0404"}))
	d.leadsTo("error", "neither a token nor a user", d.revokes(access.Revoke{By: "S0001"}))
	d.leadsTo(revoked, "the owner", d.revokes(access.Revoke{TokenHash: hash("one"), By: "S0001"}))
	d.leadsTo("nothing", "the owner again", d.revokes(access.Revoke{TokenHash: hash("one"), By: "S0001"}))
	d.leadsTo("nothing", "an unknown token", d.revokes(access.Revoke{TokenHash: hash("none"), By: "S0001"}))
	d.leadsTo(revoked, "compliance", d.revokes(access.Revoke{TokenHash: hash("two"), By: "U0014"}))
	atShell := d.revokes(access.Revoke{TokenHash: hash("three"), By: "root@host"})
	atShell.Origin = contract.Operations
	d.leadsTo(revoked, "on-call", atShell)
	d.leadsTo(revoked, "all of a user", d.revokes(access.Revoke{User: "S0001", By: "U0014"}))
	var left int
	if err := d.pool.QueryRow(t.Context(), "select count(*) from token where revoked_at is null").Scan(&left); err != nil || left != 0 {
		t.Errorf("%d tokens are left, %v", left, err)
	}
}

// One replica takes its time, waits for the lock of another that issues a token, and then revokes: the API, which goes by the time, must
// not take that token for a later one.
func TestARevocationNamesATimeThatIsNotBeforeItsTokens(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	began := d.now
	d.now = began.Add(300 * time.Millisecond)
	d.leadsTo(issued, "another replica issues", d.asks("S0001", "one", bySecret))
	at := d.now
	d.now = began
	r := d.handler.Handle(t.Context(), []event.Event{d.revokes(access.Revoke{User: "S0001", By: "U0014"})})[0]
	var told access.Revoked
	if r.Err != nil || len(r.Emit) != 1 || json.Unmarshal(r.Emit[0].Data, &told) != nil {
		t.Fatalf("%+v", r)
	}
	if !told.RevokedAt.Equal(at) {
		t.Errorf("revoked until %s, and the token is of %s", told.RevokedAt, at)
	}
	d.now = at.Add(time.Second)
	r = d.handler.Handle(t.Context(), []event.Event{d.revokes(access.Revoke{User: "S0001", By: "U0014"})})[0]
	if r.Err != nil || len(r.Emit) != 1 || json.Unmarshal(r.Emit[0].Data, &told) != nil || !told.RevokedAt.Equal(d.now) {
		t.Errorf("a second later: %s, want %s", told.RevokedAt, d.now)
	}
}

// A new credential ends what was got by the former one. Only on-call sets one.
func TestACredentialIsReplacedAndRemoved(t *testing.T) {
	d := newDoor(t)
	byAPI := d.sets("S0001", access.ClientCredentials, "*")
	byAPI.Origin = contract.API
	d.leadsTo("error", "set by the API", byAPI)
	d.leadsTo("error", "a person with a client", d.sets("U0001", access.Password, "C000001"))
	d.leadsTo("error", "a system without one", d.sets("S0001", access.ClientCredentials, ""))
	d.leadsTo(revoked, "set", d.sets("S0001", access.ClientCredentials, "*"))
	d.leadsTo(issued, "one", d.asks("S0001", "one", bySecret))
	d.leadsTo(revoked, "set again", d.sets("S0001", access.ClientCredentials, "C000001"))
	d.leadsTo("nothing", "its token is revoked", d.revokes(access.Revoke{TokenHash: access.HashOf("one"), By: "S0001"}))
	d.leadsTo(issued, "two", d.asks("S0001", "two", bySecret))
	d.leadsTo(revoked, "removed", d.event(contract.CredentialCommanded, contract.Operations, messages.Credential{User: "S0001", By: "root@host", Reason: "left"}))
	d.leadsTo(bad, "three", d.asks("S0001", "three", bySecret))
}

func TestExpiredTokensAreForgotten(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("S0001", access.ClientCredentials, "*"))
	d.leadsTo(issued, "one", d.asks("S0001", "one", bySecret))
	for _, step := range []struct {
		before time.Time
		left   int
	}{{d.now.Add(time.Hour), 1}, {d.now.Add(time.Hour + time.Second), 0}} {
		var left int
		if err := store.ForgetTokens(t.Context(), d.pool, step.before); err != nil {
			t.Fatal(err)
		}
		if err := d.pool.QueryRow(t.Context(), "select count(*) from token").Scan(&left); err != nil || left != step.left {
			t.Errorf("%d left, %v", left, err)
		}
	}
}

func TestTheStepsOfTokens(t *testing.T) {
	d := newDoor(t)
	garbled := d.asks("U0001", "garbled")
	garbled.Data = []byte(`{"token_hash":"x"}`)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Tokens]{
		Steps: d.steps(), Migrations: store.Migrations, Bad: []event.Event{garbled},
		Events: []event.Event{
			d.sets("U0001", access.Password, ""), d.asks("U0001", "one", wrong), d.asks("U0001", "one"), d.asks("U0001", "two"),
			d.sets("S0001", access.ClientCredentials, "*"), d.asks("S0001", "three", bySecret), d.asks("S0001", "four", bySecret),
			d.revokes(access.Revoke{TokenHash: access.HashOf("three"), By: "S0001"}), d.revokes(access.Revoke{User: "U0001", By: "U0014"}),
			d.sets("S0001", access.ClientCredentials, "C000001"),
		},
	})
}

func TestTheSamplesOfTokensAreWhatIsPublished(t *testing.T) {
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	ok, no := d.asks("U0001", "one"), d.asks("U0001", "two", wrong)
	end := d.revokes(access.Revoke{TokenHash: access.HashOf("one"), By: "U0001"})
	results := d.handler.Handle(t.Context(), []event.Event{ok, no, end})
	for i, typ := range []event.Type{contract.TokenIssued, contract.TokenRefused, contract.TokenRevoked} {
		if results[i].Err != nil {
			t.Fatal(results[i].Err)
		}
		sample.Is(t, "../messages/samples", typ, results[i].Emit[0])
	}
}

// A batch checks a bounded number of passwords. What comes beyond that is answered at once: its caller learns when to try again, and
// nothing lies in the error queue while somebody waits.
func TestARequestInACrowdIsAnswered(t *testing.T) {
	const checked = 32
	d := newDoor(t)
	d.handle(d.sets("U0001", access.Password, ""))
	var crowd []event.Event
	for n := range checked + 1 {
		crowd = append(crowd, d.asks("U0001", fmt.Sprint("token ", n)))
	}
	results := d.handler.Handle(t.Context(), crowd)
	for n, r := range results {
		if r.Err != nil || len(r.Emit) != 1 {
			t.Fatalf("request %d: %d events, %v", n, len(r.Emit), r.Err)
		}
	}
	var told access.Refused
	if err := json.Unmarshal(results[checked].Emit[0].Data, &told); err != nil {
		t.Fatal(err)
	}
	if told.Code != "too_many_attempts" || told.RetryAt == nil || !told.RetryAt.After(d.now) {
		t.Errorf("the last request: %+v, want the time to try again", told)
	}
}
