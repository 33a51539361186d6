package crowd_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"fxcore/scripts/testbench/bench/internal/crowd"
	"fxcore/scripts/testbench/bench/internal/crowd/crowdtest"
	"fxcore/scripts/testbench/bench/internal/mix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// burst asks for n trades at once at an interface with such answers. It returns what the interface was asked.
func burst(t *testing.T, n int, answer func(a crowdtest.Asked, before int) (int, string)) (crowd.Result, []crowdtest.Asked) {
	t.Helper()
	var mu sync.Mutex
	var asked []crowdtest.Asked
	url, folder := crowdtest.Serve(t, func(a crowdtest.Asked) (int, string) {
		mu.Lock()
		defer mu.Unlock()
		before := 0
		for _, other := range asked {
			if other.Key == a.Key {
				before++
			}
		}
		asked = append(asked, a)
		return answer(a, before)
	})
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	c, err := crowd.Open(t.Context(), crowd.Settings{URL: url, Folder: folder, Prices: prices, Clock: time.Now, Run: "benchtest"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Burst(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	return r, asked
}

func TestEachTradeHasItsOwnKeyAndAllUsersTakePart(t *testing.T) {
	r, asked := burst(t, 40, func(crowdtest.Asked, int) (int, string) { return http.StatusOK, crowdtest.Registered })
	if r.Trades != 40 || r.Registered != 40 || r.Refused != 0 || r.Latencies.TotalCount() != 40 || r.Took <= 0 {
		t.Errorf("%+v", r)
	}
	keys, users := map[string]bool{}, map[string]int{}
	for _, a := range asked {
		keys[a.Key] = true
		users[a.User]++
		if len(a.Key) < 8 || a.Protocol != "HTTP/2.0" || a.Order.Client == "" || len(a.Order.Legs) == 0 {
			t.Errorf("%+v", a)
		}
	}
	if len(keys) != 40 || len(users) != 4 || users["U0001"] != 10 {
		t.Errorf("%d keys, users %v", len(keys), users)
	}
}

// The connections of four users carry 250 requests each. None of them waits for another one.
func TestAThousandAreUnderWayAtOnce(t *testing.T) {
	const all = 1000
	var under sync.WaitGroup
	under.Add(all)
	together := make(chan struct{})
	go func() { under.Wait(); close(together) }()
	url, folder := crowdtest.Serve(t, func(crowdtest.Asked) (int, string) {
		under.Done()
		<-together
		return http.StatusOK, crowdtest.Registered
	})
	prices, err := mix.NewPrices()
	if err != nil {
		t.Fatal(err)
	}
	c, err := crowd.Open(t.Context(), crowd.Settings{URL: url, Folder: folder, Prices: prices, Clock: time.Now, Run: "benchtest"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Burst(t.Context(), all)
	if err != nil || r.Registered != all {
		t.Errorf("%+v, error %v", r, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func TestATradeThatIsNotDecidedIsAskedForAgainUnderItsKey(t *testing.T) {
	r, asked := burst(t, 8, func(_ crowdtest.Asked, before int) (int, string) {
		return [...]int{http.StatusAccepted, http.StatusServiceUnavailable, http.StatusOK}[before],
			[...]string{crowdtest.Pending, `{"code":"unavailable"}`, crowdtest.Registered}[before]
	})
	if r.Registered != 8 || r.Refused != 0 || len(asked) != 24 {
		t.Errorf("%+v, asked %d times", r, len(asked))
	}
}

func TestRefusalsAreCountedWithTheirReason(t *testing.T) {
	r, _ := burst(t, 8, func(a crowdtest.Asked, _ int) (int, string) {
		switch a.User {
		case "U0001":
			return http.StatusOK, crowdtest.Rejected
		case "U0020":
			return http.StatusTooManyRequests, `{"code":"too_many_requests"}`
		}
		return http.StatusOK, crowdtest.Registered
	})
	if r.Registered != 4 || r.Refused != 4 || !slices.ContainsFunc([]string{"line_exceeded", "429 too_many_requests"},
		func(reason string) bool { return strings.Contains(r.Reason, reason) }) {
		t.Errorf("%+v", r)
	}
}

func TestADealerAsksForClientsOfTheOwnDesk(t *testing.T) {
	_, asked := burst(t, 200, func(crowdtest.Asked, int) (int, string) { return http.StatusOK, crowdtest.Registered })
	europe := map[string]bool{}
	for n := 1; n <= 200; n += 4 { // of desk FXS1, on which the demo's trader and salesperson are
		europe[clientID(n)] = true
	}
	for _, a := range asked {
		switch {
		case (a.User == "U0001" || a.User == "U0015") && !europe[a.Order.Client], a.User == "U0019" && a.Order.Client != "C000900",
			a.User == "U0020" && a.Order.Client >= "C000900":
			t.Errorf("%s asks for a trade of %s", a.User, a.Order.Client)
		}
	}
}

func clientID(n int) string { return fmt.Sprintf("C%06d", n) }
