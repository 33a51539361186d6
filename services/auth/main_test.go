package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/lambda/amqp"
	"fxcore/lambda/amqp/amqptest"
	"fxcore/lambda/config"
	"fxcore/lambda/event"
	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/lambda/testkit/program"
	"fxcore/services/auth/internal/openid/openidtest"
	"fxcore/services/clock"
	"fxcore/services/contract"
	"fxcore/services/contract/access"
)

// The test runs the whole service on real servers. It publishes a request and receives the answer. After SIGTERM nothing
// of the service is left behind.
func TestARequestIsAnsweredAndTheServiceStopsWithoutARemnant(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), staticData)
	peer := program.Meet(t, on.AMQP.URL, gateway)

	app := service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Static: mirrortest.Config(t),
		Access: issuing(t),
	})
	stop := program.Start(t, time.Minute, app)

	if diff := cmp.Diff("trade.authorized", peer.Ask(t, request(t, "R1")).Type.Name); diff != "" {
		t.Error(diff)
	}
	stop()
}

// When the bank's clock jumps, a request whose deadline it passes is refused. Before, the same request is authorised.
func TestAJumpOfTheBanksClockEndsTheTimeOfARequest(t *testing.T) {
	const jump = 30 * time.Minute // less than the static data's largest age
	on := program.OwnServers(t)
	rdb := testkit.RedisAt(t, on.Redis.URL)
	mirrortest.PublishAll(t, rdb, time.Now(), staticData)
	mirrortest.Publish(t, rdb, "clock", 1, time.Now(), map[string]string{"bank": `{"offset_seconds":0}`})
	peer := program.Meet(t, on.AMQP.URL, gateway)
	stop := program.Start(t, time.Minute, service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox,
		Clock: clock.Config{MayRunAhead: true}, Static: mirrortest.Config(t), Access: issuing(t),
	}))
	defer stop()
	deadline, serial := time.Now().Add(jump/2), 0
	ask := func() event.Event {
		serial++
		e := request(t, fmt.Sprint("R", serial))
		e.Deadline = deadline
		return peer.Ask(t, e)
	}
	if got := ask(); got.Type != contract.TradeAuthorized {
		t.Errorf("before the jump: %s %s", got.Type, got.Data)
	}
	mirrortest.Publish(t, rdb, "clock", 2, time.Now(), map[string]string{"bank": fmt.Sprintf(`{"offset_seconds":%d}`, int(jump.Seconds()))})
	testkit.Eventually(t, "the request to be too late", time.Minute, func() error {
		got := ask()
		if got.Type != contract.TradeRejected || got.Time.Before(deadline) {
			return fmt.Errorf("%s at %s", got.Type, got.Time)
		}
		return nil
	})
}

func TestSettingsOutOfRangeAreNamed(t *testing.T) {
	amqptest.Setenv(t, "unused")
	for _, server := range []string{"POSTGRES_URL", "REDIS_URL"} {
		t.Setenv(server, "unused")
	}
	t.Setenv("STATIC_KEYS", mirrortest.Keys(t))
	t.Setenv("ACCESS_KEY", issuing(t).Keys[0].Reveal())
	t.Setenv("TOKEN_LIFE_PERSON", "48h")
	t.Setenv("STATIC_MAX_AGE", "0s")
	t.Setenv("RETENTION", "1h")
	t.Setenv("OPENID_ISSUER", "http://login.example")
	_, err := config.Load[settings]()
	for _, name := range []string{"STATIC_MAX_AGE", "RETENTION", "TOKEN_LIFE_PERSON", "OPENID_ISSUER", "OPENID_CLIENT_ID"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// issuing returns settings with a key.
func issuing(t *testing.T) accessSettings {
	t.Helper()
	key, err := access.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return accessSettings{Keys: access.Keys{key}, Audiences: []string{"api"}, Person: time.Hour, System: time.Hour}
}

// A person logs in at the bank's identity provider and gets a token for it, by the whole service. Before that, somebody who turns up
// with a forged ID token is refused.
func TestATokenByTheIdentityProvider(t *testing.T) {
	program.NoRemnant(t)
	on := program.OwnServers(t)
	mirrortest.PublishAll(t, testkit.RedisAt(t, on.Redis.URL), time.Now(), staticData)
	peer, bank, issue := program.Meet(t, on.AMQP.URL, front), openidtest.New(t), issuing(t)
	stop := program.Start(t, time.Minute, service(settings{
		Base: program.Base("test"), AMQP: on.AMQP, Postgres: on.Postgres, Redis: on.Redis, Inbox: on.Inbox, Static: mirrortest.Config(t),
		Access: issue, OpenID: bank.Config(),
	}))
	ask := func(name, idToken, secret string) event.Event {
		r, err := issue.Keys[0].Public().SealProof(
			access.Requested{TokenHash: access.HashOf(name), Grant: access.OpenID, Audience: "api"}, access.Proof{IDToken: idToken, LoginSecret: secret})
		if err != nil {
			t.Fatal(err)
		}
		e, err := event.New(contract.TokenRequested, event.NewID(testkit.Day, "message", name), contract.API, "story", r)
		if err != nil {
			t.Fatal(err)
		}
		return peer.Ask(t, e)
	}
	secret := openidtest.Secret("one")
	good := bank.IDToken("U0001", secret, time.Now())
	if got := ask("forged", good[:len(good)-4]+"AAAA", secret); got.Type != contract.TokenRefused || strings.Contains(string(got.Data), secret) {
		t.Errorf("forged: %s %s", got.Type, got.Data)
	}
	var got access.Issued
	if e := ask("good", good, secret); e.Type != contract.TokenIssued || e.Read(&got) != nil || got.User != "U0001" {
		t.Errorf("good: %s %s", e.Type, e.Data)
	}
	if got := ask("replayed", good, secret); got.Type != contract.TokenRefused {
		t.Errorf("replayed: %s %s", got.Type, got.Data)
	}
	stop()
}

// front asks for tokens and receives the answers.
var front = amqp.Topology{
	Service:   "api",
	Queues:    []amqp.Queue{{Name: "answers", Bindings: contract.Bindings(contract.TokenIssued, contract.TokenRefused)}},
	Publishes: []amqp.Publication{{Exchange: contract.AccessExchange, Type: contract.TokenRequested}},
}

// gateway publishes requests and receives the answers.
var gateway = amqp.Topology{
	Service:   "gateway",
	Queues:    []amqp.Queue{{Name: "answers", Bindings: contract.Bindings(contract.TradeAuthorized, contract.TradeRejected)}},
	Publishes: []amqp.Publication{{Exchange: contract.TradeExchange, Type: contract.TradeRequested}},
}

func request(t *testing.T, reference string) event.Event {
	t.Helper()
	id := event.NewID(testkit.Day, "trade", "ALPHA", reference, "2026-11-20")
	request := map[string]any{
		"trade_id": id, "provider": "ALPHA", "trade_date": "2026-11-20", "client": "C000001", "product": "spot", "pair": "EUR/USD",
		"currency": "USD", "legs": []any{map[string]any{"amount": "1000000"}}, "digest": "d",
	}
	e, err := event.New(contract.TradeRequested, event.NewID(testkit.Day, "message", reference), "alpha", id, map[string]any{"request": request})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// staticData is one record of each set, as datasync writes them.
var staticData = map[string]map[string]string{
	"providers": {"ALPHA": `{"status":"active","clients":["*"],"products":["spot"],"pairs":["*"],"max_amount_usd":"50000000"}`},
	"clients":   {"C000001": `{"id":"C000001","group":"G0001","status":"active","desk":"FXS1"}`},
	"accounts":  {"A1": `{"account":"A1","client":"C000001"}`},
	"rates":     {"USD": `{"currency":"USD","mid":"1.1612"}`},
	"users":     {"U0001": `{"id":"U0001","name":"Ada","role":"trader","desk":"FXS1"}`},
	"desks":     {"FXS1": `{"id":"FXS1","products":["spot"]}`},
}
