package steps

import (
	"errors"
	"log/slog"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/lambda/event"
	"fxcore/lambda/inbox"
	"fxcore/lambda/log"
	"fxcore/services/contract"
	"fxcore/services/contract/fxdate"
	"fxcore/services/trading/internal/messages"
	"fxcore/services/trading/internal/rules"
	"fxcore/services/trading/internal/trade"
)

// margin is the time that a reservation must still last when the trade is registered. In that time the message reaches
// linecheck, which consumes the reservation before it expires.
const margin = 2 * time.Second

// register is the step of trade.reserved: it registers the trade, once.
type register struct{ reserved messages.Reserved }

func readReserved(_ *Batch, e event.Event) (inbox.Task[*Batch], error) {
	view, err := messages.ReadReserved(e)
	return register{view}, err
}

// Want asks whether the trade is registered already.
func (r register) Want(s *Batch) { s.wanted.known = append(s.wanted.known, r.reserved.Request.TradeID) }

// Decide emits trade.registered or trade.rejected. It emits nothing for a trade that is already registered, because its
// registration was already published.
func (r register) Decide(s *Batch, now time.Time, e event.Event) ([]event.Event, error) {
	if s.known[r.reserved.Request.TradeID] {
		return nil, nil
	}
	if late := r.late(now, e); late != nil {
		return reject(e, late)
	}
	registered, err := r.trade(now.Truncate(time.Microsecond)) // the precision of the database
	if err != nil {
		return nil, err
	}
	emitted, err := contract.Next(e, contract.TradeRegistered, "registered", messages.Registered{
		TradeID: registered.ID, Version: registered.Version, RegisteredAt: registered.RegisteredAt, Flags: r.reserved.Flags(),
	})
	if err != nil {
		return nil, err
	}
	logFlags(s.log.With(log.About(e)), registered)
	s.known[registered.ID] = true
	s.registered = append(s.registered, registered)
	return emitted, nil
}

// late refuses a request that missed its deadline or that of its reservation. A report is never too late: the trade is done, and
// linecheck takes a reservation that has ended up again.
func (r register) late(now time.Time, e event.Event) *rules.Rejection {
	if r.reserved.Request.Kind == rules.Reported {
		return nil
	}
	if e.Expired(now) {
		return expired(e, now)
	}
	if until := r.reserved.Reserved.ExpiresAt; now.Add(margin).After(until) {
		return lapsed(until, now)
	}
	return nil
}

// logFlags tells on-call of a trade that is remarkable. The desk hears of it in trade.assigned, the provider in its answer.
func logFlags(log *slog.Logger, t trade.Trade) {
	for _, f := range t.Flags {
		log.Warn("a registered trade is flagged: the desk must look at it", "flag", f.Name, "text", f.Text,
			"trade", t.ID, "kind", t.Kind, "provider", t.Provider, "reference", t.Reference, "leg", f.Leg)
	}
}

// trade returns the trade, registered at the given time. An error is a programming error, because the terms were
// validated.
func (r register) trade(at time.Time) (trade.Trade, error) {
	terms, err := termsOf(r.reserved)
	if err != nil {
		return trade.Trade{}, err
	}
	return trade.Register(r.reserved.Request.TradeID, terms, at)
}

// termsOf makes the terms from trading's own validation, and from the request for names and ids. An error is a
// programming error.
func termsOf(r messages.Reserved) (trade.Terms, error) {
	tradeDate, err1 := fxdate.ParseDate(r.Validated.TradeDate)
	spotDate, err2 := fxdate.ParseDate(r.Validated.SpotDate)
	legs, err3 := legsOf(r.Validated.Legs)
	reported, err4 := reportedDate(r.Request)
	return trade.Terms{
		Kind: r.Request.Kind, Provider: r.Request.Provider, Reference: r.Request.Reference, QuoteID: r.Request.QuoteID,
		Client: r.Request.Client, Account: r.Request.Account, Product: productOf(r),
		Pair: r.Validated.Pair, DealtCurrency: r.Request.Currency, TradeDate: tradeDate, Reported: reported, TransactedAt: r.Request.TransactedAt,
		SpotDate: spotDate, Legs: legs, ReferenceRate: r.Validated.ReferenceRate, ReferenceAsOf: r.Validated.ReferenceAsOf,
		SpotRate: r.Validated.SpotRate, USDAmount: r.Validated.USDAmount, Flags: flagsFrom(r.Flags()),
	}, errors.Join(err1, err2, err3, err4)
}

// productOf returns the product by the value dates. An older version of trading did not validate it; the request names it then.
func productOf(r messages.Reserved) trade.Product {
	if r.Validated.Product == "" {
		return trade.Product(r.Request.Product)
	}
	return trade.Product(r.Validated.Product)
}

// reportedDate returns the trade date that a report states; zero without one.
func reportedDate(r messages.Request) (fxdate.Date, error) {
	if r.Kind != rules.Reported || r.ReportedTradeDate == "" {
		return 0, nil
	}
	return fxdate.ParseDate(r.ReportedTradeDate)
}

func flagsFrom(validated []messages.Flag) []trade.Flag {
	flags := make([]trade.Flag, len(validated))
	for i, f := range validated {
		deviation, _ := decimal.NewFromString(f.Deviation) // only off_market has one
		flags[i] = trade.Flag{Name: trade.FlagName(f.Flag), Leg: f.Leg, Deviation: deviation, Text: f.Text}
	}
	return flags
}

func legsOf(validated []messages.Leg) ([]trade.Leg, error) {
	legs := make([]trade.Leg, len(validated))
	for i, l := range validated {
		date, err := fxdate.ParseDate(l.ValueDate)
		if err != nil {
			return nil, err
		}
		legs[i] = trade.Leg{
			ValueDate: date, Base: l.Base, BaseSide: trade.Side(l.BaseSide), BaseAmount: l.BaseAmount,
			Quote: l.Quote, QuoteAmount: l.QuoteAmount, Rate: l.Rate,
		}
		if l.ForwardPoints != nil {
			legs[i].ForwardPoints = decimal.NewNullDecimal(*l.ForwardPoints)
		}
	}
	return legs, nil
}

// lapsed makes the rejection of a request whose reservation ends at until, which is too soon. The caller has checked
// that. The text names until less margin as the time limit.
func lapsed(until, now time.Time) *rules.Rejection {
	return rules.Late("the time limit of the line's reservation", until.Add(-margin), now)
}
