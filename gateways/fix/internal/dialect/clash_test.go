package dialect

import (
	"strings"
	"testing"

	"fxcore/gateways/fix/internal/variation"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/services/contract"
)

const usedBefore = `"rejected":{"code":"duplicate","text":"this reference was used today for another request","by":"auth"}`

// The same reference for another request, FIX order state change matrix F.1.b: the rejection is a status of the standing order too.
// No rejection has the id of the standing trade or reservation as its own.
func TestAClashHasTheStandingOrdersStatus(t *testing.T) {
	filled := "39=2|14=500000|151=0|6=1.08|38=500000|40=2|44=1.08|54=2|55=EUR/USD|15=EUR|63=0|1=C000777|37=standing|17=x|"
	for name, test := range map[string]struct {
		request  string
		standing Standing
		want     string
	}{
		"a filled order": {
			"spot 4.4",
			Standing{"8", []byte(strings.ReplaceAll(filled, "|", "\x01"))},
			"8 1=C000777|6=1.08|11=S-1|14=500000|15=EUR|17=decision-1|37=NONE|38=500000|39=2|40=2|44=1.08|54=2|55=EUR/USD|" +
				"58=this reference was used today for another request|60=20261124-12:00:00.250|63=0|103=6|150=8|151=0",
		},
		"a filled order, client as party": {
			"forward by date, client as party 5.0",
			Standing{"8", []byte(strings.ReplaceAll(filled, "|", "\x01"))},
			"8 1=C000777|6=1.08|11=F-2|14=500000|15=EUR|17=decision-1|37=NONE|38=500000|39=2|40=2|44=1.08|54=2|55=EUR/USD|" +
				"58=this reference was used today for another request|60=20261124-12:00:00.250|63=0|103=6|150=8|151=0",
		},
		"a pending order": {
			"spot 5.0",
			Standing{},
			"8 1=C000900|6=0|11=S-1|14=0|15=EUR|17=decision-1|37=NONE|39=A|54=1|55=EUR/USD|" +
				"58=this reference was used today for another request|60=20261124-12:00:00.250|103=6|150=8|151=0",
		},
		"a report": {
			"spot 4.4",
			Standing{"AR", []byte("571=S-1\x01818=standing\x01")},
			"8 1=C000900|6=0|11=S-1|14=0|15=EUR|17=decision-1|37=NONE|38=1000000|39=8|40=D|44=1.08432|54=1|55=EUR/USD|" +
				"58=this reference was used today for another request|60=20261124-12:00:00.250|63=0|103=6|150=8|151=0",
		},
	} {
		t.Run(name, func(t *testing.T) {
			s, e := decided(t, test.request, contract.TradeRejected, usedBefore)
			m, err := New(Settings{}).Clash(s, e, test.standing)
			if err != nil {
				t.Fatal(err)
			}
			if got := readable(m); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestAClashOfAReportOrACheckHasNoID(t *testing.T) {
	for _, request := range []string{"report 4.4", "report 5.0", "reserve UDF", "reserve DF", "consume DF", "cancel UDF"} {
		ends := contract.LineCheckRejected
		if strings.HasPrefix(request, "report") {
			ends = contract.TradeRejected
		}
		s, e := decided(t, request, ends, usedBefore)
		m, err := New(Settings{}).Clash(s, e, Standing{"DG", []byte("2319=standing\x01")})
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range []string{"37=", "818=", "1003=", "2319="} {
			if id := wire.Value(wire.Body(m.Bytes()), tag); id != nil {
				t.Errorf("%s: %s%s", request, tag, id)
			}
		}
	}
}

// The standing answer is in the provider's own dialect already, and stays as it is.
func TestAClashInAnotherDialect(t *testing.T) {
	compact := variation.Named()["compact"]
	s, e := decided(t, "spot 4.4", contract.TradeRejected, usedBefore)
	m, err := New(Settings{Variation: compact}).Clash(s, e, Standing{"8", []byte("39=2\x0155=EURUSD\x0163=SP\x0120001=C000777\x0154=1\x0114=5\x01")})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"39=2|", "55=EURUSD|", "63=SP|", "20001=C000777|", "14=5|", "37=NONE|"} {
		if got := readable(m) + "|"; !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}
