package directory_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"
	"github.com/shopspring/decimal"

	"fxcore/lambda/mirror/mirrortest"
	"fxcore/lambda/testkit"
	"fxcore/services/auth/internal/authorization"
	"fxcore/services/auth/internal/directory"
)

var asOf = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

// publish writes a set of one record, in the form in which datasync writes it.
func publish(t *testing.T, rdb *redis.Client, set, id, record string) {
	t.Helper()
	mirrortest.Publish(t, rdb, set, 1, asOf, map[string]string{id: record})
}

func TestDirectoryIsWhatLiesInRedis(t *testing.T) {
	rdb := testkit.Redis(t)
	publish(t, rdb, "providers", "ALPHA", `{"provider":"ALPHA","status":"active","clients":["*"],"products":["spot"],"pairs":["*"],"max_amount_usd":"50000000"}`)
	publish(t, rdb, "clients", "C000001", `{"id":"C000001","name":"Aster Mills","group":"G0001","status":"active","desk":"FXS1","country":"DE"}`)
	publish(t, rdb, "accounts", "A1", `{"account":"A1","client":"C000001","currency":"EUR","balance":"1.00"}`)
	publish(t, rdb, "rates", "USD", `{"currency":"USD","mid":"1.1612","as_of":"2026-11-20T15:00:00Z"}`)
	publish(t, rdb, "users", "U0001", `{"id":"U0001","name":"Ada","role":"trader","desk":"FXS1"}`)
	publish(t, rdb, "desks", "FXS1", `{"id":"FXS1","name":"Europe Corporates","products":["spot"],"traders":["U0001"]}`)
	static := mirrortest.Follow(t, directory.Open(rdb, time.Hour))

	until := asOf.Add(time.Hour)
	want := authorization.Directory{
		Providers: authorization.Set[authorization.Provider]{AsOf: asOf, Until: until, Records: map[string]authorization.Provider{
			"ALPHA": {Status: "active", Clients: []string{"*"}, Products: []string{"spot"}, Pairs: []string{"*"}, MaxAmountUSD: decimal.New(50_000_000, 0)},
		}},
		Clients: authorization.Set[authorization.Client]{AsOf: asOf, Until: until, Records: map[string]authorization.Client{
			"C000001": {Name: "Aster Mills", Group: "G0001", Desk: "FXS1", Status: "active"},
		}},
		Accounts: authorization.Set[authorization.Account]{AsOf: asOf, Until: until, Records: map[string]authorization.Account{"A1": {Client: "C000001", Currency: "EUR"}}},
		Rates:    authorization.Set[decimal.Decimal]{AsOf: asOf, Until: until, Records: map[string]decimal.Decimal{"USD": decimal.RequireFromString("1.1612")}},
		Users:    authorization.Set[authorization.User]{AsOf: asOf, Until: until, Records: map[string]authorization.User{"U0001": {Name: "Ada", Role: "trader", Desk: "FXS1"}}},
		Desks:    authorization.Set[authorization.Desk]{AsOf: asOf, Until: until, Records: map[string]authorization.Desk{"FXS1": {Products: []string{"spot"}}}},
	}
	if diff := cmp.Diff(want, static.Directory()); diff != "" {
		t.Error(diff)
	}
	if !static.Directory().Rates.Usable(until) || static.Directory().Rates.Usable(until.Add(1)) {
		t.Error("the age is not bounded at the hour")
	}
}

func TestWithoutStaticDataNothingIsUsable(t *testing.T) {
	static := directory.Open(testkit.Redis(t), time.Hour)
	if static.Ready(t.Context()) == nil {
		t.Error("ready without data")
	}
	if static.Directory().Clients.Usable(asOf) {
		t.Error("an empty set is usable")
	}
}

func TestAnUnreadableRecordRefusesItsSet(t *testing.T) {
	rdb := testkit.Redis(t)
	publish(t, rdb, "providers", "ALPHA", `{"status":"active","max_amount_usd":"a lot"}`)
	static := directory.Open(rdb, time.Hour)
	testkit.Background(t, static.Run)
	mirrortest.AwaitFault(t, static, "record ALPHA: max_amount_usd")
	if static.Directory().Providers.Records != nil {
		t.Error("a provider whose size cannot be read was taken")
	}
}

func TestOneUnreadableRecordLeavesTheOthers(t *testing.T) {
	rdb := testkit.Redis(t)
	mirrortest.Publish(t, rdb, "providers", 1, asOf, map[string]string{
		"ALPHA": `{"status":"active","max_amount_usd":"a lot"}`, "BETA": `{"status":"active","max_amount_usd":"5"}`,
	})
	static := directory.Open(rdb, time.Hour)
	testkit.Background(t, static.Run)
	mirrortest.AwaitFault(t, static, "1 bad records are left out: record ALPHA: max_amount_usd")
	records := static.Directory().Providers.Records
	if _, bad := records["ALPHA"]; bad || records["BETA"].Status != "active" {
		t.Errorf("%v", records)
	}
}
