package desk

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"fxcore/gateways/mainframe/simulator/demo"
	"fxcore/services/contract/fxdate"
)

// Shares in per cent, of all requests unless a comment says otherwise. The deals that remain are spot.
const (
	flawShare    = 4
	checkShare   = 15
	reportShare  = 15 // of the deals
	remarkShare  = 5  // of the reports
	forwardShare = 25 // of the deals
	swapShare    = 15 // of the deals

	lapseShare  = 20 // of the reservations: neither consumed nor cancelled
	cancelShare = 20 // of the reservations that are resolved; the others are consumed
)

const (
	amountStep  = 5_000
	amountSteps = 400
	openBound   = 100 // reservations that wait to be consumed or cancelled; further ones lapse
)

// period is a SettlType (63) and about as many days after spot. The price need not be more exact than that.
type period struct {
	settlement string
	days       int
}

// spotSettlement is SettlType (63) of a spot deal.
const spotSettlement = "0"

// Desk makes one provider's requests. Only one goroutine may use it.
type Desk struct {
	prefix   string
	random   *rand.Rand
	market   *demo.Market
	pairs    []demo.Pair
	broken   brokenDates
	clients  []string
	number   int
	last     Request   // the last deal; the next may use its reference again by mistake
	reserved []planned // approved, to be resolved
	checks   Checks
	quotes   quotes
	rollover fxdate.Rollover
}

// New makes a desk. References begin with prefix, which must differ from run to run, because the core accepts a
// reference once a day.
func New(prefix string, seed uint64) (*Desk, error) {
	market, err := demo.NewMarket(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	bank, err := demo.NewBank(demo.Seed)
	if err != nil {
		return nil, fmt.Errorf("open desk: %w", err)
	}
	d := &Desk{prefix: prefix, random: rand.New(rand.NewPCG(seed, 2)), market: market, pairs: bank.Pairs, broken: newBrokenDates(bank), rollover: fxdate.NewRollover()} //nolint:gosec // reproducible
	for _, c := range bank.Clients {
		if c.Status == demo.Active && c.Group != sandboxGroup {
			d.clients = append(d.clients, c.ID)
		}
	}
	return d, nil
}

// sandboxGroup is the group of the clients that have small lines. They are for people who try the core out.
const sandboxGroup = "G0900"

// Next returns the desk's next request, which has the time now. It returns an error if a pair has no market rate.
func (d *Desk) Next(now time.Time) (Request, error) {
	if p, yes := d.takeUp(now); yes {
		return d.next(p, now)
	}
	if r, yes, err := d.steal(now); yes {
		return r, err
	}
	r, err := d.deal(now)
	if err != nil {
		return Request{}, err
	}
	switch {
	case d.chance(flawShare):
		d.spoil(&r)
	case r.Kind == Report && d.chance(remarkShare):
		d.remark(&r)
	}
	d.last = r
	return r, nil
}

// Approved tells the desk that the core made a reservation. The desk resolves most of them later, and leaves some to lapse.
func (d *Desk) Approved(check Request) {
	if len(d.reserved) < openBound && !d.chance(lapseShare) {
		d.plan(d.planFor(check))
	}
}

func (d *Desk) resolve(check Request, now time.Time) Request {
	kind := Consume
	if d.chance(cancelShare) {
		kind = Cancel
	}
	return Request{Kind: kind, Reference: d.reference(), Time: now, Client: check.Client, Target: check.Reference}
}

// deal makes an order, a report or a check that the core should grant.
func (d *Desk) deal(now time.Time) (Request, error) {
	pair := d.pair()
	r := Request{
		Reference: d.reference(), Time: now, Client: d.clients[d.random.IntN(len(d.clients))], Pair: pair.Name,
		Currency: pair.Base(), Buy: d.chance(50), Amount: strconv.Itoa(amountStep * (1 + d.random.IntN(amountSteps))),
		Near: Leg{Settlement: spotSettlement},
	}
	d.forNetted(&r, &pair)
	if d.chance(checkShare) && !d.checks.None {
		r.Kind, r.Near.Settlement = Reserve, d.checkedFor()
		if d.checks.Short && d.chance(shortShare) {
			r.ExpiresAt = now.Add(shortLife)
		}
		return r, nil
	}
	if d.chance(reportShare) && !d.checks.None {
		r.Kind = Report
	}
	if err := d.price(&r, pair); err != nil {
		return r, err
	}
	if err := d.breakDate(&r, pair); err != nil {
		return r, err
	}
	return r, d.onQuote(&r)
}

// price chooses spot, forward or swap, and sets the rates.
func (d *Desk) price(r *Request, pair demo.Pair) (err error) {
	near := period{spotSettlement, 0}
	switch dice := d.random.IntN(100); {
	case dice < forwardShare:
		near = d.period()
		r.Near.Settlement = near.settlement
	case dice < forwardShare+swapShare:
		if err := d.farLeg(r, pair, d.period()); err != nil {
			return err
		}
	}
	r.Near.Rate, err = d.rate(pair, r.Time, near.days, r.Buy)
	return err
}

// farLeg sets a swap's far leg. Both legs of a swap have the same spot rate, so the far rate is the near rate plus the points.
func (d *Desk) farLeg(r *Request, pair demo.Pair, p period) error {
	spot, err := d.market.Outright(pair.Name, r.Time, 0)
	if err != nil {
		return fmt.Errorf("price %s: %w", pair.Name, err)
	}
	forward, err := d.market.Outright(pair.Name, r.Time, p.days)
	if err != nil {
		return fmt.Errorf("price %s: %w", pair.Name, err)
	}
	far := allIn(pair, spot, r.Buy).Add(forward.Sub(spot))
	r.Far = Leg{Settlement: p.settlement, Rate: far.StringFixed(int32(pair.RateDecimals))} //nolint:gosec // a handful of decimals
	return nil
}

// rate returns an all-in rate: the market's mid for the day plus half its spread for a buy, minus half for a sell.
func (d *Desk) rate(pair demo.Pair, at time.Time, days int, buy bool) (string, error) {
	mid, err := d.market.Outright(pair.Name, at, days)
	if err != nil {
		return "", fmt.Errorf("price %s: %w", pair.Name, err)
	}
	return allIn(pair, mid, buy).StringFixed(int32(pair.RateDecimals)), nil //nolint:gosec // a handful of decimals
}

// allIn returns a mid rate plus half the market's spread for a buy, minus half for a sell, in the pair's decimals.
func allIn(pair demo.Pair, mid decimal.Decimal, buy bool) decimal.Decimal {
	half := mid.Mul(pair.HalfSpread)
	if !buy {
		half = half.Neg()
	}
	return mid.Add(half).Round(int32(pair.RateDecimals)) //nolint:gosec // a handful of decimals
}

var periods = [...]period{{"W1", 7}, {"W2", 14}, {"M1", 30}, {"M2", 61}, {"M3", 91}, {"M6", 182}, {"Y1", 365}}

func (d *Desk) period() period { return periods[d.random.IntN(len(periods))] }

// pair returns a pair. It prefers the beginning of the list, where the most traded pairs are, and those that are dealt on broken
// dates.
func (d *Desk) pair() demo.Pair {
	if d.chance(brokenShare) {
		return d.broken.pairs[d.random.IntN(len(d.broken.pairs))]
	}
	return d.pairs[d.random.IntN(1+d.random.IntN(len(d.pairs)))]
}

func (d *Desk) reference() string {
	d.number++
	return d.prefix + strconv.Itoa(d.number)
}

func (d *Desk) chance(percent int) bool { return d.random.IntN(100) < percent }
