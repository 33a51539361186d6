package static

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fxcore/gateways/mainframe/internal/link"
	"fxcore/gateways/mainframe/internal/records"
	"fxcore/gateways/mainframe/internal/wire"
	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
)

// host answers every list request with one version of one set, in pages of two rows.
type host struct {
	t       *testing.T
	layouts *records.Layouts
	version int
	rows    [][]byte
	total   int       // said instead of the number of rows, unless 0
	asOf    time.Time // zero: some time ago
}

func (h *host) Exchange(_ context.Context, calls []*link.Call) error {
	for _, call := range calls {
		all, err := h.layouts.Split(call.Body, 1)
		if err != nil {
			return err
		}
		ask, err := h.layouts.ListRequest.Decode(all[0])
		if err != nil {
			return err
		}
		if err := call.Accept(h.answer(ask)); err != nil {
			return errors.Join(link.ErrAway, err)
		}
	}
	return nil
}

func (h *host) answer(ask records.ListRequest) wire.Frame {
	head := records.ListAnswer{Set: ask.Set, Version: h.version, AsOf: since, Total: max(h.total, len(h.rows))}
	if !h.asOf.IsZero() {
		head.AsOf = h.asOf
	}
	f := wire.Frame{Header: wire.Header{Kind: wire.Answer, Function: wire.List, Count: 1}, Body: row(h.layouts.ListAnswer, head)}
	if ask.Known == h.version {
		f.Code = wire.Nothing
		return f
	}
	for _, r := range h.rows[min(ask.First, len(h.rows)):min(ask.First+2, len(h.rows))] {
		f.Body = append(f.Body, r...)
		f.Count++
	}
	return f
}

func damaged(t *testing.T) (*host, *Deliverer, func(set string, known int64) []event.Event) {
	h := &host{t: t, layouts: layouts(t)}
	d := New(h, h.layouts, time.Now, UsualAhead, testkit.Log(t))
	return h, d, func(set string, known int64) []event.Event {
		t.Helper()
		r := d.Handle(t.Context(), []event.Event{request(t, set, known)})[0]
		if r.Err != nil {
			t.Fatal(r.Err)
		}
		return r.Emit
	}
}

func TestASetWithABadRowIsDeliveredAndTheHealthNamesTheRow(t *testing.T) {
	h, d, ask := damaged(t)
	eur, usd := row(h.layouts.Currency, records.Currency{Code: "EUR"}), row(h.layouts.Currency, records.Currency{Code: "USD"})
	orphan := row(h.layouts.CutOff, records.CutOff{Currency: "XXX", From: since, At: "12:00", Zone: "UTC"})
	h.version, h.rows = 7, [][]byte{eur, orphan, usd}
	for range 2 {
		if got := ask("currencies", 0); len(got) != 1 || !strings.Contains(string(got[0].Data), `"USD"`) {
			t.Fatalf("delivered %d pages", len(got))
		}
	}
	if len(ask("currencies", 7)) != 1 || d.LeftOut() != 1 || d.Whole(t.Context()) == nil || !strings.Contains(d.Whole(t.Context()).Error(), `row CO "XXX"`) {
		t.Errorf("%d rows left out, health %v", d.LeftOut(), d.Whole(t.Context()))
	}
	h.version, h.rows = 8, [][]byte{eur, usd}
	if ask("currencies", 8); d.LeftOut() != 0 || d.Whole(t.Context()) != nil { // another replica has delivered it
		t.Errorf("after the next version: %v", d.Whole(t.Context()))
	}
}

func TestASetThatIsNoUseAsAWholeIsRefusedAndTheHealthSaysWhy(t *testing.T) {
	h, d, ask := damaged(t)
	bad := spoilt(row(h.layouts.Client, records.Client{ID: "C1"}), 1)
	good := row(h.layouts.Client, records.Client{ID: "C1"})
	for _, c := range []struct {
		rule, set string
		known     int64
		rows      [][]byte
		total     int
		says      string // "" if it is delivered
	}{
		{"no good record", "clients", 0, [][]byte{bad, bad, bad}, 0, "3 of 3 rows"},
		{"empty where there were some", "clients", 6, nil, 0, "it has become empty"},
		{"empty from the beginning", "clients", 0, nil, 0, ""},
		{"no quotes any more", "quotes", 6, nil, 0, ""},
		{"half sent", "clients", 6, [][]byte{good}, 2, "1 of 2 records, then none"},
	} {
		t.Run(c.rule, func(t *testing.T) {
			h.version, h.rows, h.total = 7, c.rows, c.total
			got, health := ask(c.set, c.known), d.Whole(t.Context())
			if c.says == "" {
				if len(got) != 1 || health != nil {
					t.Errorf("%d pages, %v", len(got), health)
				}
				return
			}
			if len(got) != 0 || health == nil || !strings.Contains(health.Error(), c.says) {
				t.Errorf("%d pages, %v", len(got), health)
			}
		})
	}
}

// A set from the future would never be replaced, nor grow old.
func TestASetFromTheFutureIsRefused(t *testing.T) {
	h, d, ask := damaged(t)
	h.rows = [][]byte{row(h.layouts.Client, records.Client{ID: "C1"})}
	day := time.Now().Add(24 * time.Hour)
	for rule, ahead := range map[string]func(){
		"version": func() { h.version, h.asOf = int(day.UnixMilli()), time.Now() },
		"time":    func() { h.version, h.asOf = 7, day },
	} {
		for _, known := range []int64{0, 7, day.UnixMilli()} {
			ahead()
			if got, health := ask("clients", known), d.Whole(t.Context()); len(got) != 0 || health == nil || !strings.Contains(health.Error(), "the mainframe's clock is ahead") {
				t.Errorf("%s, known %d: %d pages, %v", rule, known, len(got), health)
			}
		}
	}
	h.version, h.asOf = int(time.Now().Add(time.Minute).UnixMilli()), time.Now().Add(time.Minute)
	if got := ask("clients", 0); len(got) != 1 || d.Whole(t.Context()) != nil {
		t.Errorf("a little ahead: %d pages, %v", len(got), d.Whole(t.Context()))
	}
}

func TestARecordThatIsTooLargeLeavesTheOthers(t *testing.T) {
	got := listing{version: 7, asOf: since, records: map[string]any{"large": strings.Repeat("x", maxRecordBytes), "small": "x", "no JSON": func() {}}}
	texts := encode(&got)
	if len(texts) != 1 || texts["small"] == nil || got.damage.bad != 2 || !strings.Contains(got.damage.String(), `record "large"`) {
		t.Errorf("%d records are left, %s", len(texts), got.damage.String())
	}
}
