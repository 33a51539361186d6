package dialect

import "github.com/quickfixgo/quickfix"

// legTemplate is the order of a leg's fields in an ExecutionReport, as both dictionaries have it.
func legTemplate() quickfix.GroupTemplate {
	tags := [...]quickfix.Tag{
		tagLegSymbol, tagLegSecurityType, tagLegSide, tagLegCurrency, tagLegQty, tagLegRefID, tagLegSettlType,
		tagLegSettlDate, tagLegLastPx, tagLegLastForwardPoints, tagLegCalculatedQty, tagLegLastQty,
	}
	template := make(quickfix.GroupTemplate, len(tags))
	for i, tag := range tags {
		template[i] = quickfix.GroupElement(tag)
	}
	return template
}

// legs writes both legs of a swap, near leg first.
func (a answer) legs(s Session, story tradeStory) {
	group := quickfix.NewRepeatingGroup(tagNoLegs, legTemplate())
	for i := range story.Request.Legs {
		writeLeg(s, group.Add(), story, i)
	}
	a.Body.SetGroup(group)
}

func writeLeg(s Session, g *quickfix.Group, story tradeStory, i int) {
	t, leg, done := story.Request, story.Request.Legs[i], story.Validated.Legs[i]
	g.SetString(tagLegSymbol, t.Pair)
	g.SetString(tagLegSide, sideText(leg.Side))
	g.SetString(tagLegCurrency, t.Currency)
	if i < len(t.Echo.Legs) {
		setLeg(g, tagLegRefID, t.Echo.Legs[i].RefID)
		setLeg(g, tagLegSettlType, s.settlType(t.Echo.Legs[i].SettlType, true))
	}
	g.SetString(tagLegSettlDate, fixDate(done.ValueDate))
	g.SetString(tagLegLastPx, leg.Rate)
	if s.fix44() {
		g.SetString(tagLegQty, leg.Amount)
		return
	}
	g.SetString(tagLegLastQty, leg.Amount)
	amount, _ := done.Other(t.Currency)
	setLeg(g, tagLegCalculatedQty, amount)
	if spot := story.Validated.SpotFor(t.Pair); spot != "" {
		setLeg(g, tagLegLastForwardPoints, difference(leg.Rate, spot))
	}
}

func setLeg(g *quickfix.Group, tag quickfix.Tag, value string) {
	if value != "" {
		g.SetString(tag, value)
	}
}
