//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/fixwire"
)

// reports: a trade that was done elsewhere is booked whatever the line, the limits, the rates or the client's status say. Each flag is in
// the provider's answer, in the trade's row, in what the desk hears, and in the log.
func (c *core) reports(t *testing.T) {
	cl := c.client(t, "SANDBOX50", "reports")
	cl.reserve(t, "L-1", "1000000")
	cl.reserve(t, "L-2", "1000000")
	saturday := time.Now().AddDate(0, 0, 14)
	for saturday.Weekday() != time.Saturday {
		saturday = saturday.AddDate(0, 0, 1)
	}
	late := time.Now().AddDate(7, 0, 0)
	for late.Weekday() != time.Wednesday {
		late = late.AddDate(0, 0, 1)
	}
	for _, r := range []report{
		{flags: nil},
		{flags: []string{"client_blocked"}, client: "C000902"},
		{flags: []string{"size_exceeded"}, client: "C000903", amount: "2000000000"},
		{flags: []string{"over_line"}, client: "C000901", amount: "8000000"},
		{flags: []string{"over_line"}, client: "C000903", amount: "2000000"}, // above the clip
		{flags: []string{"over_line"}, client: "C000904", amount: "2000000"}, // above the settlement limit
		{flags: []string{"off_market"}, factor: "1.2"},
		{flags: []string{"not_judged"}, done: time.Now().Add(-6 * 24 * time.Hour)},
		{flags: []string{"closed_date"}, date: saturday},
		{flags: []string{"beyond_max_tenor", "beyond_add_ons"}, date: late},
		{flags: []string{"check_short"}, amount: "1500000", check: "L-1"},
		{flags: []string{"check_not_used"}, check: "L-1"}, // all of it is used now
		{flags: []string{"check_differs"}, check: "L-2", date: saturday.AddDate(0, 0, 4)},
		{flags: []string{"check_not_used"}, check: "L-never"},
	} {
		cl.mustBook(t, r)
	}
	c.judge(t, c.undisturbed()...)
}

// report is a reported trade in EUR/USD, and the flags that it must have. What is empty is usual.
type report struct {
	flags                  []string
	client, amount, factor string
	check                  string // reference of the line check that it names
	date                   time.Time
	done                   time.Time
}

// reserve reserves for the usual client.
func (cl *client) reserve(t *testing.T, reference, amount string) {
	t.Helper()
	cl.send(t, cl.sample(t, "35=DF|2318="+reference+"|2320=0|2321=0|2324="+amount+"|15=EUR|453=1|448=C000900|447=D|452=3|55=EUR/USD|63=0|54=1|"))
	cl.expect(t, cl.sample(t, "35=DG|2318="+reference+"|2325=0|"))
}

// mustBook sends a report and holds the core to its flags.
func (cl *client) mustBook(t *testing.T, r report) {
	t.Helper()
	a := cl.tell(t, r)
	if a.fields[939] != "0" {
		t.Fatalf("%v: refused: %s", r.flags, a.Text)
	}
	names, _, _ := strings.Cut(a.Text, ": ")
	for _, flag := range r.flags {
		if !slices.Contains(strings.Split(names, ", "), flag) {
			t.Errorf("%v: answered %q", r.flags, a.Text)
		}
		cl.c.mustTell(t, a.ID, flag)
	}
	if len(r.flags) == 0 && a.Text != "" {
		t.Errorf("a usual report is flagged: %s", a.Text)
	}
}

// tell sends a report and returns its answer.
func (cl *client) tell(t *testing.T, r report) answer {
	t.Helper()
	usual := cl.good(t)
	if r.client == "" {
		r.client = usual.client
	}
	if r.amount == "" {
		r.amount = usual.amount
	}
	if r.done.IsZero() {
		r.done = time.Now()
	}
	rate := usual.rate
	if r.factor != "" {
		rate = decimal.RequireFromString(rate).Mul(decimal.RequireFromString(r.factor)).Round(5).String()
	}
	body := fixwire.NewBody("AE").Text(571, usual.reference).Text(32, r.amount).Text(31, rate).Text(55, "EUR/USD").Text(15, "EUR")
	s := usual.sent()
	s.Form, s.Client, s.Amount, s.Rate = "AE", r.client, decimal.RequireFromString(r.amount), decimal.RequireFromString(rate)
	if r.date.IsZero() {
		body.Text(63, "0")
	} else {
		body.Text(64, r.date.UTC().Format("20060102"))
		s.Product = "forward"
	}
	body.Time(60, r.done).Text(552, "1").Text(54, "1").Text(1, r.client)
	if r.check != "" {
		s.Uses = cl.session + r.check
		body.Text(2334, s.Uses).Text(2335, "0")
	}
	if err := cl.Ask(t.Context(), s, body); err != nil {
		t.Fatal(err)
	}
	select {
	case a := <-cl.answers:
		return a
	case <-time.After(waitForAnswer):
		t.Fatalf("%v: no answer", r.flags)
	}
	return answer{}
}

// mustTell waits for a trade's flag in its row, in trade.assigned and in the log of trading.
func (c *core) mustTell(t *testing.T, trade, flag string) {
	t.Helper()
	db := c.database(t)
	testkit.Eventually(t, flag+" of "+trade+" to be told", time.Minute, func() error {
		var row, desk bool
		const rowSQL = "select flags @> jsonb_build_array(jsonb_build_object('flag', $2::text)) from trading.trade where id = $1::uuid"
		const deskSQL = `select exists (select from responsibility.inbox where at > now() - interval '1 hour'
			and position(convert_to($1, 'UTF8') in emitted) > 0 and position(convert_to('"flag":"' || $2 || '"', 'UTF8') in emitted) > 0)`
		if err := db.QueryRow(t.Context(), rowSQL, trade, flag).Scan(&row); err != nil {
			return err
		}
		if err := db.QueryRow(t.Context(), deskSQL, trade, flag).Scan(&desk); err != nil {
			return err
		}
		logged, err := c.logged("trading", trade, flag)
		switch {
		case err != nil:
			return err
		case !row || !desk || !logged:
			return fmt.Errorf("row %t, desk %t, log %t", row, desk, logged)
		}
		return nil
	})
}

// logged tells whether a line of a service's logs has all the words.
func (c *core) logged(service string, words ...string) (bool, error) {
	logs, err := filepath.Glob(filepath.Join(c.Folder, "log", service+"-*.log"))
	if err != nil || len(logs) == 0 {
		return false, errors.Join(err, errors.New("no logs"))
	}
	for _, path := range logs {
		text, err := os.ReadFile(path)
		if err != nil {
			return false, err
		}
		for line := range strings.Lines(string(text)) {
			if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(line, w) }) {
				return true, nil
			}
		}
	}
	return false, nil
}
