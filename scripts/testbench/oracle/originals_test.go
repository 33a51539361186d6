package oracle_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"fxcore/scripts/testbench/oracle"
)

// A violation names a trade, a movement, or a provider's request. In each case it gets the provider's own message about the trade.
func TestAViolationShowsWhatItsProviderHasSent(t *testing.T) {
	t.Parallel()
	e := oracle.Evidence{
		Received:   []oracle.Answer{{Session: "TEST1", Reference: "A", State: oracle.Accepted, ID: "t-1"}},
		Trades:     []oracle.Trade{{ID: "t-1", Provider: "TEST1", Reference: "A"}},
		Rejections: []oracle.Rejection{{TradeID: "t-2", Provider: "TEST1", Reference: "B"}},
		Owed:       []oracle.Obligation{{SettledLeg: oracle.SettledLeg{TradeID: "t-1", Leg: 1}, Movement: "m-1"}},
	}
	kept := map[string][]oracle.Original{}
	for _, id := range []string{"t-1", "t-2"} {
		kept[id] = []oracle.Original{{
			Protocol: "FIX.4.4", Session: "TEST1", Sequence: 7, ReceivedAt: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC),
			Bytes: []byte("8=FIX.4.4\x0135=D\x0111=" + id + "\x0158=\xff\x01"),
		}}
	}
	for named, want := range map[string]string{"t-1": "t-1", "m-1": "t-1", "TEST1 A": "t-1", "TEST1 B": "t-2", "client/C1": ""} {
		found := []oracle.Violation{{Rule: "booked once", ID: named, Text: "not booked"}}
		err := oracle.Explain(t.Context(), e, found, func(_ context.Context, ids []string) (map[string][]oracle.Original, error) {
			if want != "" && !slices.Contains(ids, want) {
				t.Errorf("%s: asked for %v", named, ids)
			}
			return kept, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		shown := found[0].Detailed()
		if want == "" && shown == found[0].String() && len(found[0].Originals) == 0 {
			continue
		}
		line := `TEST1 7, FIX.4.4, 2026-11-27T09:00:00Z: "8=FIX.4.4|35=D|11=` + want + `|58=\xff|"`
		if !strings.HasPrefix(shown, found[0].String()+"\n") || strings.Count(shown, line) != 1 {
			t.Errorf("%s: %s", named, shown)
		}
	}
}

func TestWhereNothingIsWrongNothingIsRead(t *testing.T) {
	t.Parallel()
	away := errors.New("away")
	read := func(context.Context, []string) (map[string][]oracle.Original, error) { return nil, away }
	if err := oracle.Explain(t.Context(), oracle.Evidence{}, nil, read); err != nil {
		t.Error(err)
	}
	found := []oracle.Violation{{Rule: "booked once", ID: "t-1"}}
	if err := oracle.Explain(t.Context(), oracle.Evidence{}, found, read); !errors.Is(err, away) {
		t.Errorf("error: %v", err)
	}
}
