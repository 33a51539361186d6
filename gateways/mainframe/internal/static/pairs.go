package static

import (
	"time"

	"fxcore/gateways/mainframe/internal/records"
)

// currencies puts a currency and its cut-offs together. Without one of its cut-offs a currency would settle later than it can.
func currencies(s *set, l *records.Layouts) {
	one(s, l.Currency, func(r records.Currency) (string, any) {
		return r.Code, &currency{Currency: r.Code, MinorUnits: r.MinorUnits, DepositRate: r.DepositRate, CutOffs: []cutOff{}}
	})
	part(s, l.CutOff, func(r records.CutOff) string { return r.Currency }, func(r records.CutOff) error {
		c, err := of[currency](s, r.Currency, nil)
		if err != nil {
			return err
		}
		c.CutOffs = append(c.CutOffs, cutOff{From: r.From.Format(time.DateOnly), DaysBefore: r.DaysBefore, At: r.At, Zone: r.Zone})
		return nil
	})
}

// pairs puts a pair and its rolls together. Without one of its rolls a pair would have the trade date of another day.
func pairs(s *set, l *records.Layouts) {
	one(s, l.Pair, func(r records.Pair) (string, any) {
		return r.Name, &pair{
			Pair: r.Name, SpotLag: r.SpotLag, RateDecimals: r.RateDecimals, PointsFactor: r.PointsFactor, HalfSpread: r.HalfSpread,
			Band: r.Band, MaxRateAge: r.MaxRateAge, Volatility: r.Volatility, BrokenDates: r.BrokenDates, Rolls: []roll{},
			PointsSpread: r.PointsSpread.Decimal, ClientBand: r.ClientBand, Former: formerTolerance(r.HalfSpread, r.Band),
		}
	})
	part(s, l.Roll, func(r records.Roll) string { return r.Pair }, func(r records.Roll) error {
		p, err := of[pair](s, r.Pair, nil)
		if err != nil {
			return err
		}
		p.Rolls = append(p.Rolls, roll{From: r.From.Format(time.DateOnly), At: r.At, Zone: r.Zone})
		return nil
	})
}

func quotes(s *set, l *records.Layouts) {
	one(s, l.Quote, func(r records.Quote) (string, any) {
		return r.ID, quote{
			Quote: r.ID, Pair: r.Pair, Product: r.Product, Side: r.Side, Currency: r.Currency, Amount: r.Amount, Rate: r.Rate,
			Points: r.Points, Tenor: r.Tenor, Client: r.Client, Provider: r.Provider, Published: r.Published, ValidUntil: r.ValidUntil,
		}
	})
}
