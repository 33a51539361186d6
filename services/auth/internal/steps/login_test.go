package steps_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/inbox/inboxtest"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/openid"
	"fxcore/services/auth/internal/openid/openidtest"
	"fxcore/services/auth/internal/steps"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

const away = "refused openid_away"

// lobby is a door through which people come by an identity provider.
type lobby struct {
	*door
	bank *openidtest.Provider
}

func newLobby(t *testing.T) lobby {
	t.Helper()
	l := lobby{newDoor(t), openidtest.New(t)}
	l.openID = openid.New(l.bank.Config(), func() time.Time { return l.now }, testkit.Log(t))
	if err := l.openID.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.handler = l.door.steps().Handler(l.pool, "auth/1", testkit.Log(t))
	return l
}

// comes is a request for the token of a name by the login of a name.
func (l lobby) comes(user, login, token string, change ...func(*access.Requested, *access.Proof)) event.Event {
	l.t.Helper()
	secret := openidtest.Secret(login)
	return l.asks("", token, slices.Concat([]func(*access.Requested, *access.Proof){func(r *access.Requested, p *access.Proof) {
		r.Grant, *p = access.OpenID, access.Proof{IDToken: l.bank.IDToken(user, secret, l.now), LoginSecret: secret}
	}}, change)...)
}

func TestAPersonGetsATokenByTheIdentityProvider(t *testing.T) {
	l := newLobby(t)
	r := l.handler.Handle(t.Context(), []event.Event{l.comes("U0001", "first", "one")})[0]
	var got access.Issued
	if r.Err != nil || json.Unmarshal(r.Emit[0].Data, &got) != nil {
		t.Fatalf("%+v", r)
	}
	if got.User != "U0001" || got.Desk != "FXS1" || got.Client != "" || !got.ExpiresAt.Equal(l.now.Add(8*time.Hour)) || !slices.Contains(got.Scope, "trade.enter") {
		t.Errorf("%+v", got)
	}
	l.leadsTo(revoked, "the token is one of the user's", l.revokes(access.Revoke{User: "U0001", By: "U0014"}))
	l.leadsTo(bad, "the login after that", l.comes("U0001", "first", "two"))
	l.leadsTo(issued, "another login", l.comes("U0001", "second", "two"))
}

// A login is good for one token, however its ID token is written, and whoever hands it over.
func TestALoginIsGoodOnce(t *testing.T) {
	l := newLobby(t)
	l.leadsTo(issued, "first", l.comes("U0001", "first", "one"))
	l.leadsTo(bad, "again", l.comes("U0001", "first", "two"))
	l.leadsTo("refused duplicate", "for the same token", l.comes("U0001", "first", "one"))
	l.leadsTo(issued, "a login with another secret", l.comes("U0001", "second", "two"))
	var got []string
	for _, r := range l.handler.Handle(t.Context(), []event.Event{l.comes("U0002", "third", "three"), l.comes("U0002", "third", "four")}) {
		got = append(got, r.Emit[0].Type.Name)
	}
	if !slices.Equal(got, []string{"token.issued", "token.refused"}) {
		t.Errorf("twice in one batch: %q", got)
	}
}

// Of two replicas that get the same login at once, one issues a token.
func TestALoginIsGoodOnceAtAllReplicas(t *testing.T) {
	l := newLobby(t)
	other := l.door.steps().Handler(l.pool, "auth/2", testkit.Log(t))
	for _, login := range []string{"first", "second", "third", "fourth", "fifth"} {
		one, two := l.comes("U0001", login, login+" one"), l.comes("U0001", login, login+" two")
		results := make(chan amqp.Result, 2)
		go func() { results <- l.handler.Handle(t.Context(), []event.Event{one})[0] }()
		go func() { results <- other.Handle(t.Context(), []event.Event{two})[0] }()
		var got []string
		for range 2 {
			r := <-results
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			got = append(got, r.Emit[0].Type.Name)
		}
		slices.Sort(got)
		if !slices.Equal(got, []string{"token.issued", "token.refused"}) {
			t.Errorf("%s: %q", login, got)
		}
	}
}

func TestWhyThereIsNoTokenByTheIdentityProvider(t *testing.T) {
	l := newLobby(t)
	for _, c := range []struct {
		what, user string
		change     func(*access.Requested, *access.Proof)
		want       string
	}{
		{"a user who has left, or never was", "U0404", nil, "refused no_right"},
		{"a role without rights", "U0099", nil, "refused no_right"},
		{"a system", "S0001", nil, "refused no_right"},
		{"another audience", "U0001", func(r *access.Requested, _ *access.Proof) { r.Audience = "mail" }, "refused wrong_audience"},
		{"a scope without the right", "U0001", func(r *access.Requested, _ *access.Proof) { r.Scope = []string{"job.command"} }, "refused no_right"},
		{"nothing", "U0001", func(_ *access.Requested, p *access.Proof) { *p = access.Proof{} }, bad},
		{"a password", "U0001", func(_ *access.Requested, p *access.Proof) { *p = access.Proof{Password: password} }, bad},
		{"the secret of another login", "U0001", func(_ *access.Requested, p *access.Proof) { p.LoginSecret = openidtest.Secret("other") }, bad},
		{"an ID token by a person's grant", "", func(r *access.Requested, _ *access.Proof) { r.Grant, r.User = access.Password, "U0001" }, bad},
		{"a user beside the ID token", "U0001", func(r *access.Requested, _ *access.Proof) { r.User = "U0002" }, "error"},
		{"a long ID token", "U0001", func(_ *access.Requested, p *access.Proof) { p.IDToken += strings.Repeat("A", 8<<10) }, bad},
		{"an old ID token", "U0001", func(_ *access.Requested, p *access.Proof) {
			p.IDToken = l.bank.IDToken("U0001", p.LoginSecret, l.now.Add(-11*time.Minute))
		}, bad},
	} {
		var changes []func(*access.Requested, *access.Proof)
		if c.change != nil {
			changes = append(changes, c.change)
		}
		l.leadsTo(c.want, c.what, l.comes(c.user, "login", c.what, changes...))
	}
	l.leadsTo(issued, "the login, which nothing has used up", l.comes("U0001", "login", "one"))
}

// Somebody who guesses a person's password does not keep the person from coming by the identity provider.
func TestGuessesDoNotBlockTheIdentityProvider(t *testing.T) {
	l := newLobby(t)
	l.handle(l.sets("U0001", access.Password, ""))
	for range 5 {
		l.leadsTo(bad, "a guess", l.asks("U0001", "guess", wrong))
	}
	l.leadsTo("refused too_many_attempts", "a password", l.asks("U0001", "one"))
	l.leadsTo(issued, "a login", l.comes("U0001", "first", "one"))
}

// Nothing is used up while the keys are not known. An ID token by a new key is good once the key has come.
func TestALoginWaitsForTheKeys(t *testing.T) {
	l := newLobby(t)
	l.bank.Rotate()
	l.leadsTo(away, "a key that is not known yet", l.comes("U0001", "first", "one"))
	if err := l.openID.Fetch(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.leadsTo(issued, "then", l.comes("U0001", "first", "one"))
	l.bank.GoAway(true)
	l.now = l.now.Add(2 * time.Hour)
	l.leadsTo(away, "keys that are too old", l.comes("U0001", "second", "two"))
	if err := l.openID.Fetch(t.Context()); err == nil {
		t.Fatal(errors.New("the identity provider is there"))
	}
	l.handle(l.sets("U0001", access.Password, ""))
	l.leadsTo(issued, "a password meanwhile", l.asks("U0001", "two"))
}

func TestTheIdentityProviderIsOff(t *testing.T) {
	l := newLobby(t)
	off := l.door
	off.openID = nil
	off.handler = off.steps().Handler(off.pool, "auth/1", testkit.Log(t))
	off.leadsTo("refused openid_off", "a login", l.comes("U0001", "first", "one"))
}

func TestTheStepsOfLogins(t *testing.T) {
	l := newLobby(t)
	inboxtest.Exercise(t, inboxtest.Queue[*steps.Tokens]{
		Steps: l.door.steps(), Migrations: store.Migrations,
		Bad: []event.Event{l.event(contract.TokenRequested, contract.API, access.Requested{TokenHash: access.HashOf("bad"), Grant: access.OpenID, Audience: "api"})},
		Events: []event.Event{
			l.comes("U0001", "first", "one"), l.comes("U0001", "first", "two"), l.comes("U0002", "second", "three"), l.comes("U0404", "third", "four"),
			l.revokes(access.Revoke{User: "U0001", By: "U0014"}),
		},
	})
}
