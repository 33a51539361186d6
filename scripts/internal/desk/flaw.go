package desk

import "github.com/shopspring/decimal"

// spoil makes one of the mistakes that providers make. The core must reject the request. A report is rejected only if it cannot be booked.
func (d *Desk) spoil(r *Request) {
	flaws := []func(*Request){unknownClient, sameCurrency}
	if r.Kind != Report {
		flaws = append(flaws, blockedClient, farTooLarge)
	}
	if r.Kind != Reserve {
		flaws = append(flaws, offMarket)
	}
	if d.last.Reference != "" && d.last.Kind == r.Kind && d.last.Amount != r.Amount && !d.last.Flawed && d.sameDay(d.last.Time, r.Time) {
		flaws = append(flaws, d.usedReference)
	}
	flaws[d.random.IntN(len(flaws))](r)
	r.Flawed = true
}

// remark reports what the bank would not have dealt. The core must grant it, because the trade is done.
func (d *Desk) remark(r *Request) {
	[]func(*Request){blockedClient, overTheLine}[d.random.IntN(2)](r)
}

// overTheLine is more than the line of the client with the small line bears.
func overTheLine(r *Request) { r.Client, r.Amount = "C000901", "8000000" }

func unknownClient(r *Request) { r.Client = "C999999" }

func blockedClient(r *Request) { r.Client = "C000902" }

func sameCurrency(r *Request) { r.Pair = r.Currency + "/" + r.Currency }

// farTooLarge asks for more than any provider may deal at once, for the client with the small line.
func farTooLarge(r *Request) { r.Client, r.Amount = "C000901", "900000000000" }

// offMarket moves the decimal point of the rate.
func offMarket(r *Request) { r.Near.Rate = slipped(r.Near.Rate) }

func slipped(rate string) string {
	d, err := decimal.NewFromString(rate)
	if err != nil {
		return rate
	}
	return d.Shift(1).String()
}

// usedReference sends another deal under the reference of the last one.
func (d *Desk) usedReference(r *Request) { r.Reference = d.last.Reference }
