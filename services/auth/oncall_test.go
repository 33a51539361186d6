package main

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/store"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// api asks for tokens and hears the answers.
var api = amqp.Topology{
	Service:   "api",
	Queues:    []amqp.Queue{{Name: "tokens", Bindings: contract.Bindings(contract.TokenIssued, contract.TokenRefused, contract.TokenRevoked)}},
	Publishes: []amqp.Publication{{Exchange: contract.AccessExchange, Type: contract.TokenRequested}},
}

// On-call sets the credential of a system by the command line, the system gets a token, and on-call revokes it.
func TestASystemComesInByWhatOnCallHasSet(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	rdb := testkit.RedisAt(t, on.Redis.URL)
	mirrortest.PublishAll(t, rdb, time.Now(), staticData)
	peer := program.Meet(t, on.AMQP.URL, api)
	settings := settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Static: mirrortest.Config(t),
		Access: issuing(t),
	}
	defer program.Start(t, time.Minute, service(settings))()

	t.Setenv("ACCESS_PUBLIC_KEY", settings.Access.Keys[0].Public().String())
	secret := tell(t, on.AMQP.URL, "credential", "system", "-reason", "a test", "-client", "C000001", "U0001")
	serial := 0
	ask := func() event.Event {
		serial++
		return peer.Ask(t, asks(t, settings.Access.Keys[0].Public(), fmt.Sprint("token ", serial), secret))
	}
	testkit.Eventually(t, "a token", time.Minute, func() error {
		if got := ask(); got.Type != contract.TokenIssued { // the first answer is that former tokens are revoked
			return fmt.Errorf("%s %s", got.Type, got.Data)
		}
		return nil
	})
	revoked := func(what string) {
		testkit.Eventually(t, what, time.Minute, func() error {
			if got := ask(); got.Type != contract.TokenRevoked {
				return fmt.Errorf("%s %s", got.Type, got.Data)
			}
			return nil
		})
	}
	tell(t, on.AMQP.URL, "token", "revoke", "-reason", "a test", "U0001")
	revoked("the revocation by on-call")
	mirrortest.Publish(t, rdb, "users", 2, time.Now(), map[string]string{"U0002": `{"role":"trader","desk":"FXS1"}`})
	revoked("the revocation because the user has left")
}

func TestWhenATokenIsOutdated(t *testing.T) {
	t.Parallel()
	token := &store.Token{User: "U0001", Roles: []string{"trader"}, Desk: "FXS1"}
	for want, users := range map[string]map[string]authorization.User{
		"":                            {"U0001": {Role: "trader", Desk: "FXS1"}},
		"the user's role has changed": {"U0001": {Role: "sales", Desk: "FXS1"}},
		"the user's desk has changed": {"U0001": {Role: "trader", Desk: "FXS2"}},
		"the user is no longer in the bank's list of users": {"U0002": {Role: "trader", Desk: "FXS1"}},
	} {
		if got := outdatedBy(token, users); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// tell runs the command line and returns the last word that it says.
func tell(t *testing.T, broker string, args ...string) string {
	t.Helper()
	amqptest.Setenv(t, broker) // each reading takes the address out of the environment
	var out bytes.Buffer
	if code := oncall(t.Context(), args, terminal{strings.NewReader(""), &out}); code != exitDone {
		t.Fatalf("exit code %d: %s", code, &out)
	}
	words := strings.Fields(out.String())
	return words[len(words)-1]
}

func asks(t *testing.T, key access.PublicKey, token, secret string) event.Event {
	t.Helper()
	r, err := key.SealProof(access.Requested{
		TokenHash: access.HashOf(token), Grant: access.ClientCredentials, User: "U0001", Audience: "api",
	}, access.Proof{Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	e, err := event.New(contract.TokenRequested, event.NewID(testkit.Day, token), contract.API, token, r)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestOnCallSaysWhatACommandLacks(t *testing.T) {
	key := issuing(t).Keys[0].Public().String()
	t.Setenv("ACCESS_PUBLIC_KEY", key)
	for _, args := range [][]string{
		{"credential"},
		{"token"},
		{"token", "revoke", "U0001"},
		{"token", "issue", "-reason", "x", "U0001"},
		{"credential", "person", "U0001"},
		{"credential", "system", "-reason", "x", "U0001"},
		{"credential", "remove", "-reason", "x"},
		{"credential", "person", "-reason", "x", "-client", "C1", "U0001"},
	} {
		var out bytes.Buffer
		in := strings.NewReader("a long enough password\n")
		if strings.Contains(strings.Join(args, " "), "system") {
			in = strings.NewReader("")
		}
		if code := oncall(t.Context(), args, terminal{in, &out}); code != exitUsage || out.Len() == 0 {
			t.Errorf("%s: exit code %d, %q", strings.Join(args, " "), code, &out)
		}
	}
	var out bytes.Buffer
	if code := oncall(t.Context(), []string{"credential", "person", "-reason", "x", "U0001"}, terminal{strings.NewReader("short\n"), &out}); code != exitUsage {
		t.Errorf("a short password: exit code %d, %q", code, &out)
	}
}

func TestAKeyIsDrawnForTheSettings(t *testing.T) {
	var out bytes.Buffer
	if code := oncall(t.Context(), []string{"key"}, terminal{strings.NewReader(""), &out}); code != exitDone {
		t.Fatal(code)
	}
	for line := range strings.Lines(out.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		t.Setenv(name, value)
	}
	private, err := config.Load[accessSettings]()
	if err != nil {
		t.Fatal(err)
	}
	public, err := config.Load[keySettings]()
	if err != nil || public.Public.String() != private.Keys[0].Public().String() {
		t.Errorf("%s, %v", public.Public, err)
	}
}

func TestAnAuthenticatorReadsTheEnrolment(t *testing.T) {
	if got, want := enrolment("U0001", "GEZDGNBV"), "otpauth://totp/FXCore:U0001?issuer=FXCore&secret=GEZDGNBV"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
