package rest

import (
	"errors"
	"net/http"
	"time"

	"fxcore/services/contract/reason"
	"fxcore/services/market"
	"fxcore/services/web"
)

// Market provides the currencies, pairs, calendars and rates of the moment.
type Market interface {
	// Market returns the current market. Error: market.ErrNoData.
	Market() (*market.Market, error)
}

// market returns the market of the moment. The error is a Problem.
func (c Core) market() (*market.Market, error) {
	m, err := c.Static.Market()
	if err != nil {
		return nil, noData("The bank's static data has not been loaded yet.")
	}
	return m, nil
}

// noData is the answer while data of the mainframe is missing or too old.
func noData(detail string) *web.Problem {
	return web.UnavailableAs(string(reason.NoStaticData), detail)
}

// pair returns a pair that the bank deals. The error is a Problem.
func (c Core) pair(m *market.Market, name string) (*market.Pair, error) {
	pair, err := m.Pair(name)
	switch {
	case err == nil:
		return pair, nil
	case errors.Is(err, market.ErrUnknownPair):
		return nil, web.NewProblem(http.StatusUnprocessableEntity, string(reason.UnknownPair), "The bank does not deal "+name+".")
	}
	return nil, noData("Data of " + name + " is missing or wrong: " + err.Error() + ".")
}

// seconds returns an age in whole seconds.
func seconds(now, asOf time.Time) int { return int(now.Sub(asOf).Seconds()) }
