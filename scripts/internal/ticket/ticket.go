// Package ticket writes a desk's requests as FIX messages, in the version that the provider speaks.
package ticket

import (
	"strings"

	"fxcore/scripts/internal/desk"
	"fxcore/scripts/internal/fixwire"
)

// Version is a session's BeginString (8): fixwire.FIX44, or fixwire.FIXT11 for FIX 5.0SP2.
type Version string

// CheckType returns the MsgType (35) of a line check. FIX 4.4 has none, so there it is a user-defined one.
func (v Version) CheckType() string {
	if v == fixwire.FIX44 {
		return "UDF"
	}
	return "DF"
}

// Write returns the message of r.
func (v Version) Write(r desk.Request) *fixwire.Body {
	switch {
	case r.Kind == desk.Report:
		return v.report(r)
	case r.Kind != desk.Order:
		return v.check(r)
	case r.Swap():
		return v.multileg(r)
	}
	return v.order(r)
}

// order returns a NewOrderSingle: OrdType (40) 2, a limit at the agreed all-in rate.
func (v Version) order(r desk.Request) *fixwire.Body {
	b := settles(fixwire.NewBody("D").Text(11, r.Reference).Text(1, r.Client), r.Near).Text(55, r.Pair).Int(54, side(r.Buy)).
		Time(60, r.Time).Text(38, r.Amount).Text(40, "2").Text(44, r.Near.Rate).Text(15, r.Currency)
	if r.Quote != "" {
		b.Text(117, r.Quote)
	}
	return used(b, r)
}

// settles adds SettlType (63), and SettlDate (64) of a broken date.
func settles(b *fixwire.Body, leg desk.Leg) *fixwire.Body {
	b.Text(63, leg.Settlement)
	if leg.Date != "" {
		b.Text(64, strings.ReplaceAll(leg.Date, "-", ""))
	}
	return b
}

// used adds the line check that the deal uses: RefRiskLimitCheckID (2334), its type (2335) 0 reference or 1 our id, and 2323=0 to
// free what the deal leaves of it.
func used(b *fixwire.Body, r desk.Request) *fixwire.Body {
	switch {
	case r.Uses == "":
		return b
	case r.UsesID:
		b.Text(2334, r.Uses).Int(2335, 1)
	default:
		b.Text(2334, r.Uses).Int(2335, 0)
	}
	if r.Free {
		b.Int(2323, 0)
	}
	return b
}

// multileg returns a NewOrderMultileg for a swap, the near leg first. The legs carry the sides (54=B).
func (v Version) multileg(r desk.Request) *fixwire.Body {
	b := fixwire.NewBody("AB").Text(11, r.Reference).Text(1, r.Client).Text(54, "B").Text(55, r.Pair).Int(555, 2)
	for i, leg := range []desk.Leg{r.Near, r.Far} {
		b.Text(600, r.Pair).Int(624, legSide(r, i))
		if v == fixwire.FIX44 {
			b.Text(687, r.Amount).Text(566, leg.Rate).Text(587, leg.Settlement)
		} else { // the dictionary of 5.0SP2 has the amount last
			b.Text(566, leg.Rate).Text(587, leg.Settlement).Text(685, r.Amount)
		}
	}
	return b.Time(60, r.Time).Text(38, r.Amount).Text(40, "2").Text(15, r.Currency)
}

// report returns a TradeCaptureReport. The dealt currency is in the side in FIX 4.4, and in the report itself in
// 5.0SP2.
func (v Version) report(r desk.Request) *fixwire.Body {
	b := fixwire.NewBody("AE").Text(571, r.Reference).Text(570, "N")
	if v != fixwire.FIX44 {
		b.Text(15, r.Currency)
	}
	b.Text(55, r.Pair).Text(32, r.Amount).Text(31, r.Near.Rate).Text(75, r.Time.UTC().Format("20060102"))
	if r.Swap() {
		v.reportLegs(b, r)
	}
	b.Time(60, r.Time)
	if !r.Swap() {
		settles(b, r.Near)
	}
	b.Int(552, 1).Int(54, side(r.Buy))
	if v == fixwire.FIX44 {
		b.Text(37, "NONE") // FIX 4.4 requires an OrderID, and the trade has no order with us
	}
	b.Text(1, r.Client)
	if v == fixwire.FIX44 {
		b.Text(15, r.Currency)
	}
	return used(b, r)
}

func (v Version) reportLegs(b *fixwire.Body, r desk.Request) {
	b.Int(555, 2)
	for i, leg := range []desk.Leg{r.Near, r.Far} {
		b.Text(600, r.Pair).Int(624, legSide(r, i)).Text(v.legQty(), r.Amount).Text(587, leg.Settlement).Text(637, leg.Rate)
	}
}

// check returns a PartyRiskLimitCheckRequest: 2320 is new or cancel, 2321 is submit or limit consumed, and the party
// with role 3 is the client.
func (v Version) check(r desk.Request) *fixwire.Body {
	b := fixwire.NewBody(v.CheckType()).Text(2318, r.Reference)
	switch r.Kind {
	case desk.Consume:
		part(forDeal(b.Int(2320, 0).Int(2321, 1).Text(2322, r.Target), r), r)
	case desk.Cancel:
		part(b.Int(2320, 1).Int(2321, 0).Text(2322, r.Target), r)
	case desk.Reverse:
		part(forDeal(b.Int(2320, 1).Int(2321, 1).Text(2322, r.Target), r), r)
	default:
		b.Int(2320, 0).Int(2321, 0).Int(2323, 0).Text(2324, r.Amount).Text(15, r.Currency)
	}
	b.Int(453, 1).Text(448, r.Client).Text(447, "D").Int(452, 3)
	if r.Kind == desk.Reserve {
		b.Text(55, r.Pair).Text(63, r.Near.Settlement).Int(54, side(r.Buy))
	}
	return b.Time(60, r.Time)
}

// forDeal adds the deal for which a consumption or its reversal is: RefOrderID (1080), and its source (1081) 0 reference or 1 our id.
func forDeal(b *fixwire.Body, r desk.Request) *fixwire.Body {
	switch {
	case r.For == "":
		return b
	case r.ForID:
		return b.Text(1080, r.For).Int(1081, 1)
	}
	return b.Text(1080, r.For).Int(1081, 0)
}

// part adds the part of the reservation, if it is not all of it.
func part(b *fixwire.Body, r desk.Request) {
	if r.Amount != "" {
		b.Text(2324, r.Amount).Text(15, r.Currency)
	}
}

// legSide returns the side of a swap's leg. The far leg has the opposite side of the near one.
func legSide(r desk.Request, leg int) int { return side(r.Buy == (leg == 0)) }

// side returns the value of Side (54) and LegSide (624): 1 buy, 2 sell.
func side(buy bool) int {
	if buy {
		return 1
	}
	return 2
}

// legQty returns the tag of a leg's amount in a report: LegQty (687) in FIX 4.4, LegOrderQty (685) in 5.0SP2.
func (v Version) legQty() int {
	if v == fixwire.FIX44 {
		return 687
	}
	return 685
}
