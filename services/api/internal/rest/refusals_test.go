package rest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"fxcore/lambda/event"
	"fxcore/lambda/testkit"
	"fxcore/services/api/internal/blotter"
	"fxcore/services/api/internal/steps"
	"fxcore/services/contract"
)

var received = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// refused returns what a gateway tells of a refused message.
func refused(provider, session, code string, at time.Time, sent string) map[string]any {
	return map[string]any{
		"provider": provider, "received_at": at, "reason": map[string]any{"code": code, "text": "a rule"}, "reference": "R-1",
		"original": map[string]any{"protocol": "FIX.4.4", "session": session, "sequence": 7, "bytes": []byte(sent), "size": 70_000},
	}
}

// refuse hears that a gateway has refused a message, and returns its id.
func (b *bench) refuse(name string, data map[string]any) string {
	b.t.Helper()
	b.handle(steps.RefusedSteps().Handler(b.Pool, "api/test", testkit.Log(b.t)), contract.MessageRefused, name, data)
	return event.NewID(testkit.Day, contract.MessageRefused.Name, name, "")
}

type refusals struct {
	Refusals []blotter.RefusedMessage
	Next     string
}

// What a gateway refused comes back as the provider sent it, once, to whom may see it.
func TestARefusedMessageComesBack(t *testing.T) {
	b := setUp(t)
	const sent = "8=FIX.4.4\x019=5\x0135=D\x0196=\x00\xff\x0110=001\x01"
	var one string
	for range 2 { // again
		one = b.refuse("one", refused("ALPHA", "FIX.4.4:FXCORE->ALPHA", "373=5", received, sent))
	}
	listed := read[refusals](t, b.call(http.MethodGet, "/v1/refusals", operator, nil), http.StatusOK).Refusals
	want := blotter.RefusedMessage{
		ID: one, Provider: "ALPHA", Protocol: "FIX.4.4", Session: "FIX.4.4:FXCORE->ALPHA", Sequence: 7, ReceivedAt: received, Code: "373=5", Text: "a rule",
		Reference: "R-1", Size: 70_000,
	}
	got := read[blotter.RefusedMessage](t, b.call(http.MethodGet, "/v1/refusals/"+one, operator, nil), http.StatusOK)
	if len(listed) != 1 || fmt.Sprint(listed[0]) != fmt.Sprint(want) || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%+v\n%+v", listed, got)
	}
	originals := read[struct{ Originals []blotter.Original }](t, b.call(http.MethodGet, "/v1/refusals/"+one+"/original", operator, nil), http.StatusOK).Originals
	if len(originals) != 1 || string(originals[0].Bytes) != sent || originals[0].Size != 70_000 || originals[0].Sequence != 7 || !originals[0].ReceivedAt.Equal(received) {
		t.Errorf("%+v", originals)
	}
	for _, place := range []string{"/v1/refusals", "/v1/refusals/" + one, "/v1/refusals/" + one + "/original"} {
		for _, token := range []string{trader, system} {
			b.call(http.MethodGet, place, token, nil).is(t, http.StatusForbidden, "no_right")
		}
		b.call(http.MethodGet, place, "", nil).is(t, http.StatusUnauthorized, "unauthenticated")
	}
	for _, place := range []string{"/v1/refusals/" + id("9"), "/v1/refusals/" + id("9") + "/original"} {
		b.call(http.MethodGet, place, operator, nil).is(t, http.StatusNotFound, "not_found")
	}
}

// Messages that are only counted have no bytes.
func TestACountOfRefusedMessages(t *testing.T) {
	b := setUp(t)
	data := refused("ALPHA", "S", "left_out", received, "")
	data["left_out"], data["original"] = 40, map[string]any{"protocol": "socket", "session": "S", "sequence": 0, "bytes": nil}
	one := b.refuse("one", data)
	if got := read[blotter.RefusedMessage](t, b.call(http.MethodGet, "/v1/refusals/"+one, operator, nil), http.StatusOK); got.LeftOut != 40 || got.Protocol != "socket" {
		t.Errorf("%+v", got)
	}
	answer := b.call(http.MethodGet, "/v1/refusals/"+one+"/original", operator, nil)
	if got := read[struct{ Originals []blotter.Original }](t, answer, http.StatusOK).Originals; got == nil || len(got) > 0 {
		t.Errorf("%+v", got)
	}
}

// Each filter leaves what it names, in pages without a gap or a repeat, also where messages came at one instant.
func TestRefusedMessagesAreFiltered(t *testing.T) {
	b := setUp(t)
	var all []string
	for i := range 6 {
		provider, code := "ALPHA", "373=5"
		if i%2 == 1 {
			provider, code = "BETA", "380=4"
		}
		at := received.Add(time.Duration(i/3) * time.Hour)
		all = append(all, b.refuse(fmt.Sprint(i), refused(provider, "S "+provider, code, at, "x")))
	}
	for filter, want := range map[string]string{
		"": "012345", "provider=BETA": "135", "session=S+ALPHA": "024", "code=380%3D4": "135", "provider=GAMMA": "",
		"from=2026-11-24T13:00:00Z": "345", "to=2026-11-24T13:00:00Z": "012", "provider=ALPHA&from=2026-11-24T14:00:00%2B01:00": "4",
	} {
		seen, most := map[string]int{}, 0
		for place := "/v1/refusals?limit=2&" + filter; place != ""; {
			answer := b.call(http.MethodGet, strings.TrimSuffix(place, "&"), operator, nil)
			page := read[refusals](t, answer, http.StatusOK)
			for _, m := range page.Refusals {
				seen[m.ID]++
			}
			if most++; most > 9 {
				t.Fatalf("%s has no end", filter)
			}
			place, _, _ = strings.Cut(strings.TrimPrefix(answer.Header.Get("Link"), "<"), ">")
			if (place == "") != (page.Next == "") || page.Next != "" && !strings.Contains(place, url.QueryEscape(page.Next)) {
				t.Errorf("%s: link %s, next %s", filter, place, page.Next)
			}
		}
		got := ""
		for i, one := range all {
			if got += strings.Repeat(fmt.Sprint(i), seen[one]); seen[one] > 1 {
				t.Errorf("%s repeats %d", filter, i)
			}
		}
		if got != want || len(seen) != len(want) {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
	for _, wrong := range []string{"cursor=x", "cursor=OTk5OTk5OTk5OTk5OTk5OTk5LjA"} {
		b.call(http.MethodGet, "/v1/refusals?"+wrong, operator, nil).is(t, http.StatusUnprocessableEntity, "cursor_unknown")
	}
	for _, wrong := range []string{"from=yesterday", "provider=alpha", "session=%00", "limit=0"} {
		b.call(http.MethodGet, "/v1/refusals?"+wrong, operator, nil).is(t, http.StatusUnprocessableEntity, "invalid")
	}
}
