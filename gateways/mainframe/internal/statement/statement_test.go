package statement

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fxcore/gateways/mainframe/internal/hosttest"
	"fxcore/gateways/mainframe/internal/link/linktest"
	"fxcore/gateways/mainframe/internal/messages"
	"fxcore/gateways/mainframe/internal/moving"
	"fxcore/lambda/amqp"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/contract"
)

func TestMain(m *testing.M) { hosttest.Main(m) }

func fetcher(t *testing.T, addr string) *Fetcher {
	t.Helper()
	host, layouts := linktest.Open(t, addr, 10*time.Second)
	return New(host, layouts, time.Now, testkit.Log(t))
}

func movementID(n int) string { return event.NewID(testkit.Day, "movement", fmt.Sprint(n)) }

// move begins the next business day at the mainframe, moves n times a euro from the client to the bank, and returns that day. It is
// morning there, so midnight is far.
func move(t *testing.T, at *hosttest.Host, n int) (day string) {
	t.Helper()
	at.Order("/day")
	host, layouts := linktest.Open(t, at.Addr, 10*time.Second)
	m := moving.New(host, layouts, testkit.Log(t))
	batch := make([]event.Event, n)
	for i := range batch {
		text := fmt.Sprintf(`{"movement_id":%q,"value_date":"2026-11-26","client":"C000001","not_after":"2100-01-01T00:00:00Z",
			"lines":[{"currency":"EUR","amount":"1","from":"C000001-EUR","to":"FXSETTLE-EUR"},{"currency":"USD","amount":"1.1","from":"FXSETTLE-USD","to":"C000001-USD"}]}`, movementID(i))
		e, err := event.New(contract.MovementRequested, event.NewID(testkit.Day, fmt.Sprint(i)), contract.Batch, movementID(i), json.RawMessage(text))
		if err != nil {
			t.Fatal(err)
		}
		batch[i] = e
	}
	frankfurt, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range m.Handle(t.Context(), batch) {
		var made messages.MovementMade
		if r.Err != nil || r.Emit[0].Type != contract.MovementMade || r.Emit[0].Read(&made) != nil {
			t.Fatalf("movement %d: %+v", i, r)
		}
		date := made.MovedAt.In(frankfurt).Format(time.DateOnly)
		if day != "" && day != date {
			t.Fatalf("movement %d moved on %s, the one before on %s", i, date, day)
		}
		day = date
	}
	return day
}

func request(t *testing.T, day string, first, most int) event.Event {
	t.Helper()
	data := map[string]any{"day": day, "first": first, "most": most}
	e, err := event.New(contract.StatementRequested, event.NewID(testkit.Day, day, fmt.Sprint(first, most)), contract.Batch, "reconcile", data)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// delivered returns the pages that a request led to.
func delivered(t *testing.T, r amqp.Result) []messages.StatementDelivered {
	t.Helper()
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	all := make([]messages.StatementDelivered, len(r.Emit))
	for i, e := range r.Emit {
		if err := e.Read(&all[i]); err != nil || e.Type != contract.StatementDelivered {
			t.Fatal(e.Type, err)
		}
	}
	return all
}

// read asks for a whole day, so many movements at a time, and returns the ids in their order.
func read(t *testing.T, f *Fetcher, day string, most int) (ids []string, last messages.StatementDelivered) {
	t.Helper()
	for first := 0; ; first = last.Next {
		pages := delivered(t, f.Handle(t.Context(), []event.Event{request(t, day, first, most)})[0])
		for i, p := range pages {
			if p.Day != day || p.Page != i+1 || p.Pages != len(pages) || p.First != len(ids) || p.AsOf.IsZero() {
				t.Fatalf("page %d: %+v", i, p)
			}
			for _, m := range p.Movements {
				ids = append(ids, m.MovementID)
			}
			last = p
		}
		if last.Next >= last.Total {
			return ids, last
		}
	}
}

func TestWholeDayIsReadInOrderWhateverIsAskedForAtATime(t *testing.T) {
	const n = 1500
	host := hosttest.Start(t)
	day := move(t, host, n)
	f := fetcher(t, host.Addr)
	for _, most := range []int{0, 7_000_000, 400, 999} {
		ids, last := read(t, f, day, most)
		if len(ids) != n || last.Total != n || last.Complete {
			t.Fatalf("%d at a time: %d movements of %d, complete %v", most, len(ids), last.Total, last.Complete)
		}
		for i, id := range ids {
			if id != movementID(i) {
				t.Fatalf("%d at a time: movement %d is %s", most, i, id)
			}
		}
	}
}

func TestMovementIsToldAsItWasMadeAndTheDayIsCompleteOnceItIsOver(t *testing.T) {
	host := hosttest.Start(t)
	day := move(t, host, 1)
	f := fetcher(t, host.Addr)
	host.Order("/day")
	page := delivered(t, f.Handle(t.Context(), []event.Event{request(t, day, 0, 10)})[0])[0]
	if !page.Complete || page.Total != 1 || page.Next != 1 {
		t.Fatalf("%+v", page)
	}
	got, err := json.Marshal(page.Movements[0])
	if err != nil {
		t.Fatal(err)
	}
	moved := page.Movements[0].MovedAt.Format(time.RFC3339Nano)
	want := fmt.Sprintf(`{"movement_id":%q,"reference":"M00000000001","moved_at":%q,"value_date":"2026-11-26","client":"C000001","lines":[`+
		`{"currency":"EUR","amount":"1","from":"C000001-EUR","to":"FXSETTLE-EUR"},{"currency":"USD","amount":"1.1","from":"FXSETTLE-USD","to":"C000001-USD"}]}`,
		movementID(0), moved)
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestDayWithoutMovementsIsOnePage(t *testing.T) {
	f := fetcher(t, hosttest.Start(t).Addr)
	pages := delivered(t, f.Handle(t.Context(), []event.Event{request(t, "2020-01-02", 0, 10)})[0])
	if len(pages) != 1 || pages[0].Pages != 1 || pages[0].Total != 0 || !pages[0].Complete || len(pages[0].Movements) != 0 {
		t.Errorf("%+v", pages)
	}
}

func TestSameRequestTwiceGivesTheSamePagesWithTheSameIDs(t *testing.T) {
	host := hosttest.Start(t)
	day := move(t, host, 600)
	f := fetcher(t, host.Addr)
	e := request(t, day, 0, 0)
	first, again := f.Handle(t.Context(), []event.Event{e})[0], f.Handle(t.Context(), []event.Event{e})[0]
	if len(first.Emit) != 3 {
		t.Fatalf("%d pages", len(first.Emit))
	}
	seen := map[string]bool{}
	for i := range first.Emit {
		a, b := delivered(t, first)[i], delivered(t, again)[i]
		if diff := cmp.Diff(a.Movements, b.Movements); diff != "" || first.Emit[i].ID != again.Emit[i].ID || seen[first.Emit[i].ID] {
			t.Errorf("page %d: %s %s %s", i, first.Emit[i].ID, again.Emit[i].ID, diff)
		}
		seen[first.Emit[i].ID] = true
	}
}

func TestPoisonFailsAloneAndALateRequestIsDropped(t *testing.T) {
	f := fetcher(t, hosttest.Start(t).Addr)
	late := request(t, "2026-11-26", 0, 0)
	late.Deadline = time.Now().Add(-time.Second)
	results := f.Handle(t.Context(), []event.Event{
		request(t, "2026-11-26", 0, 0), request(t, "yesterday", 0, 0), request(t, "2026-11-26", -1, 0), late,
	})
	for i, want := range []struct {
		pages int
		bad   bool
	}{{1, false}, {0, true}, {0, true}, {0, false}} {
		if len(results[i].Emit) != want.pages || (results[i].Err != nil) != want.bad {
			t.Errorf("request %d: %+v", i, results[i])
		}
	}
}

func TestNoWrongAnswerIsTakenForAStatement(t *testing.T) {
	host := hosttest.Start(t)
	day := move(t, host, 3)
	f := fetcher(t, host.Addr)
	for _, how := range []string{"garbage", "partial", "correlation", "record", "trade", "double", "error"} {
		host.Order("/wrong?every=3&for=1m&how=" + how)
		results := f.Handle(t.Context(), []event.Event{request(t, day, 0, 1), request(t, day, 1, 1), request(t, day, 2, 1)})
		host.Order("/well")
		for i, r := range results {
			if page := delivered(t, r)[0]; len(page.Movements) != 1 || page.Movements[0].MovementID != movementID(i) {
				t.Errorf("%s: %+v", how, page)
			}
		}
	}
	for _, away := range []string{"refuse", "close"} {
		host.Order("/away?for=300ms&how=" + away)
		if ids, _ := read(t, f, day, 0); strings.Join(ids, " ") != strings.Join([]string{movementID(0), movementID(1), movementID(2)}, " ") {
			t.Errorf("%s: %v", away, ids)
		}
	}
}
