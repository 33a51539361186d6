package authorization_test

import (
	"strings"
	"testing"

	"fxcore/services/auth/internal/authorization"
)

// A provider may leave the currency out, and then it is the pair's first. The refusal blames what was sent, and no tag: providers
// by other doors have none.
func TestARefusalBlamesWhatWasSent(t *testing.T) {
	for name, test := range map[string]struct{ pair, currency, blames string }{
		"the currency is of the pair": {"XXX/USD", "XXX", `check the pair, "XXX/USD"`},
		"the currency is another one": {"EUR/USD", "XXX", "check the currency"},
	} {
		t.Run(name, func(t *testing.T) {
			r := allowed()
			r.Provider, r.Pair, r.Currency = "OPEN", test.pair, test.currency
			d := authorization.Authorize(r, directory(), now)
			if d.Granted || !strings.HasSuffix(d.Text, test.blames) || strings.Contains(d.Text, "tag") {
				t.Errorf("granted %v, %s", d.Granted, d.Text)
			}
		})
	}
}
