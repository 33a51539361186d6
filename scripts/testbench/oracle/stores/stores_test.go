package stores

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	amqp "github.com/rabbitmq/amqp091-go"
	"github.com/shopspring/decimal"

	"fxcore/lambda/testkit"
	"fxcore/scripts/internal/operator/operatortest"
	"fxcore/scripts/testbench/oracle"
)

const book = `{"reference":"B1","booked_at":"2026-11-23T09:30:00Z","trade_id":"T1","digest":"d","trade":{"trade_id":"T1","version":1,"provider":"TEST1","client":"C1","product":"spot","pair":"EUR/USD","legs":[{"value_date":"2026-11-25","base_side":"buy","base":"EUR","base_amount":"100000","quote":"USD","quote_amount":"110000","rate":"1.1"}]}}
{"reference":"B2","trade":{"trade_id":"T2"}}
`

func TestTheBookIsReadInItsOrder(t *testing.T) {
	host := operatortest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/bookings" {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write([]byte(book))
	}))
	got, err := bookings(t.Context(), host)
	if err != nil {
		t.Fatal(err)
	}
	dec := decimal.RequireFromString
	leg := oracle.Leg{ValueDate: "2026-11-25", BaseSide: "buy", BaseAmount: dec("100000"), QuoteAmount: dec("110000"), Rate: dec("1.1")}
	want := []oracle.Booking{
		{TradeID: "T1", Reference: "B1", Provider: "TEST1", Client: "C1", Product: "spot", Pair: "EUR/USD", Legs: []oracle.Leg{leg}},
		{TradeID: "T2", Reference: "B2"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := bookings(t.Context(), operatortest.Serve(t, http.NotFoundHandler())); err == nil {
		t.Error("a book that is not there: no error")
	}
}

const made = `{"reference":"MV1","at":"2026-11-25T09:30:00Z","movement_id":"M1","value_date":"2026-11-25","client":"C1","lines":[{"currency":"EUR","amount":"5","from":"FXSETTLE-EUR","to":"C1-EUR"}],"attempt":1,"digest":"d"}
`

func TestMovementsAreReadInTheirOrder(t *testing.T) {
	got, err := readMoved(strings.NewReader(made))
	if err != nil {
		t.Fatal(err)
	}
	want := []oracle.Movement{{
		ID: "M1", Client: "C1", ValueDate: "2026-11-25", Reference: "MV1", At: time.Date(2026, 11, 25, 9, 30, 0, 0, time.UTC),
		Payments: []oracle.Payment{{Currency: "EUR", Amount: decimal.NewFromInt(5), From: "FXSETTLE-EUR", To: "C1-EUR"}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Looking must not change what is looked at: the second look finds the same.
func TestTheErrorQueueIsLookedAtAndStaysAsItIs(t *testing.T) {
	url := testkit.AMQP(t)
	bury(t, url)
	want := []oracle.Stuck{{Queue: "fx.errors", From: "trading", Reason: "read trade.authorized", Type: "trade.authorized.test1"}}
	for range 2 {
		testkit.Eventually(t, "the message in its queue", 20*time.Second, func() error {
			var e oracle.Evidence
			err := Places{AMQP: url, Queues: []string{"not.there"}}.broker(t.Context(), &e)
			if diff := cmp.Diff(want, e.Stuck); err == nil && diff != "" {
				err = errors.New(diff)
			}
			return err
		})
	}
}

// What monitoring has taken out of the error queue still counts, until somebody has resolved it. The table is made by monitoring's own migration,
// so a change of its columns is noticed here.
func TestWhatFailedCountsUntilItIsResolved(t *testing.T) {
	db := testkit.PostgresAt(t, testkit.PostgresURL(t))
	migration, err := os.ReadFile("../../../../services/monitoring/internal/failed/store/migrations/00001_failed.sql")
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.ConnectConfig(t.Context(), db.Config().ConnConfig)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	var got oracle.Evidence
	err = pgx.BeginFunc(t.Context(), conn, func(tx pgx.Tx) error {
		rows := `create schema monitoring; set local search_path to monitoring; ` + string(migration) + `;
			insert into failed_message select gen_random_uuid(), state, 1, 'trading', state, 't.v1', 'k', 's', 'r', 'why', 'g', 1, 1, now(), now(), '', '', '', '', '{}', ''
			from unnest('{open,replayed,discarded}'::text[]) state`
		if _, err := tx.Exec(t.Context(), rows); err != nil {
			return err
		}
		if err := failedMessages(t.Context(), tx, &got); err != nil {
			return err
		}
		return tx.Rollback(t.Context())
	})
	if err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		t.Fatal(err)
	}
	want := []oracle.Stuck{{Queue: "fx.errors", From: "trading", Reason: "why", Type: "t.v1", ID: "open"}}
	if diff := cmp.Diff(want, got.Stuck); diff != "" {
		t.Error(diff)
	}
}

func bury(t *testing.T, url string) {
	t.Helper()
	ch := testkit.Channel(t, url)
	for _, name := range graves() {
		if _, err := ch.QueueDeclare(name, true, false, false, false, amqp.Table{"x-queue-type": "quorum"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := ch.Confirm(false); err != nil {
		t.Fatal(err)
	}
	message := amqp.Publishing{
		Headers: amqp.Table{"fx-queue": "trading", "fx-reason": "read trade.authorized", "fx-routing-key": "trade.authorized.test1"}, Body: []byte("{"),
	}
	done, err := ch.PublishWithDeferredConfirmWithContext(t.Context(), "", "fx.errors", false, false, message)
	if err != nil {
		t.Fatal(err)
	}
	done.Wait()
}

// The table is made by the interface's own migration, so a change of its columns is noticed here.
func TestProvidersOwnMessagesAreReadByTheirTrades(t *testing.T) {
	const trade, other = "20261127-0000-7000-8000-000000000001", "20261127-0000-7000-8000-000000000002"
	db := testkit.PostgresAt(t, testkit.PostgresURL(t))
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	if got, err := originals(t.Context(), conn.Conn(), "original", []string{trade}); err != nil || len(got) != 0 {
		t.Errorf("without an interface: %+v, error %v", got, err)
	}
	migration, err := os.ReadFile("../../../../services/api/internal/store/migrations/00003_original.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{string(migration), `insert into original values
		(gen_random_uuid(), '` + trade + `', 'FIX.4.4', 'TEST1', 8, '2026-11-27 09:00:01Z', 'again'), (gen_random_uuid(), '` + trade + `', 'FIX.4.4', 'TEST1', 7,
		'2026-11-27 09:00:00Z', '\x01ff'), (gen_random_uuid(), '` + other + `', 'socket', 'STEST1', 3, '2026-11-27 09:00:00Z', 'T')`} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	got, err := originals(t.Context(), conn.Conn(), "original", []string{"client/C1", trade})
	if err != nil || len(got) != 1 || len(got[trade]) != 2 {
		t.Fatalf("%+v, error %v", got, err)
	}
	if first := got[trade][0]; string(first.Bytes) != "\x01\xff" || first.Session != "TEST1" || first.Sequence != 7 || string(got[trade][1].Bytes) != "again" {
		t.Errorf("%+v", got)
	}
}

// What a gateway has refused by itself has no trade. It is found by the provider and its reference.
func TestRefusedMessagesAreReadByTheirReferences(t *testing.T) {
	db := testkit.PostgresAt(t, testkit.PostgresURL(t))
	conn, err := db.Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Release()
	got := map[string][]oracle.Original{}
	if err := refused(t.Context(), conn.Conn(), "refused_message", []string{"TEST1 R-1"}, got); err != nil || len(got) != 0 {
		t.Errorf("without an interface: %+v, error %v", got, err)
	}
	migration, err := os.ReadFile("../../../../services/api/internal/store/migrations/00007_refused.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{string(migration), `insert into refused_message values
		(gen_random_uuid(), 'TEST1', 'FIX.4.4', 'FIX.4.4:FXCORE->TEST1', 7, '2026-11-27 09:00:00Z', '373=5', '', 'R-1', 2, 0, '\x01ff'),
		(gen_random_uuid(), 'TEST2', 'FIX.4.4', 'FIX.4.4:FXCORE->TEST2', 8, '2026-11-27 09:00:00Z', '373=5', '', 'R-1', 2, 0, 'x')`} {
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	err = refused(t.Context(), conn.Conn(), "refused_message", []string{"client/C1", "TEST1 R-1"}, got)
	if err != nil || len(got) != 1 || len(got["TEST1 R-1"]) != 1 || string(got["TEST1 R-1"][0].Bytes) != "\x01\xff" || got["TEST1 R-1"][0].Sequence != 7 {
		t.Fatalf("%+v, error %v", got, err)
	}
}
