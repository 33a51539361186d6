package line

import (
	"slices"

	"github.com/shopspring/decimal"
)

// CheckInstead is Check for a trade that counts instead of a part of a line check, trade.From. step is Use or Report. It judges the
// lines without the part and with the claim, as they are after [Book.TakeOver] or [Book.Displace]. The check has promised what the
// lines carry now, so only a line that would carry more than that refuses. It changes nothing. Errors: ErrNotLoaded, [*EndedError],
// [*ShortError].
func (b *Book) CheckInstead(c Claim, trade Reservation, step Step) (Verdict, error) {
	check := b.reservations[trade.From.ID]
	rest, _, err := check.takenOver(step, trade.ID, trade.From.Part)
	if err != nil {
		return Verdict{}, err
	}
	now, err := b.Stand(c.Lines)
	if err != nil {
		return Verdict{}, err
	}
	c.Exposure.Settlements = moreThan(freed(check, rest), c.Exposure.Settlements)
	return b.judgeWith(check, rest, func() (Verdict, error) { return b.check(c, now) })
}

// freed returns what the lines are to receive less after a reservation has changed.
func freed(before, after Reservation) []Settlement {
	list, left := before.Receivables(), after.Receivables()
	for i := range list {
		list[i].Amount = list[i].Amount.Sub(left[i].Amount)
	}
	return list
}

// moreThan returns those settlements whose date has a larger sum in them than in others.
func moreThan(others, settlements []Settlement) []Settlement {
	sum := func(list []Settlement, like Settlement) decimal.Decimal {
		sum := decimal.Zero
		for _, s := range list {
			if s.ValueDate.Equal(like.ValueDate) {
				sum = sum.Add(s.Amount)
			}
		}
		return sum
	}
	return slices.DeleteFunc(slices.Clone(settlements), func(s Settlement) bool {
		return sum(settlements, s).LessThanOrEqual(sum(others, s))
	})
}
