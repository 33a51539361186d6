package demo

import (
	"hash/fnv"
	"time"

	"github.com/shopspring/decimal"
)

const (
	dayLength = 24 * time.Hour
	billion   = 1_000_000_000
	levels    = 16 // a day halved 16 times is 1.3 s, finer than a tick
)

// place maps an instant to an interval of the series, counted from its end, and to the time into it, counted from the
// interval's later fixing. Both directions from the anchor walk back over the series; at its end the walk turns round,
// so that two neighbouring instants are always neighbours in the series, too.
func (m *Market) place(at time.Time) (interval int, into time.Duration) {
	away := Tick(at).Sub(m.anchor).Abs()
	lap := away % (2 * mapped * dayLength)
	if lap > mapped*dayLength {
		lap = 2*mapped*dayLength - lap
	}
	interval = min(int(lap/dayLength), mapped-1)
	return interval, lap - time.Duration(interval)*dayLength
}

// amplitude is the largest displacement in the middle of a day, in parts per billion, for a volatility a year. A bridge
// over a day has half the day's deviation in its middle, a day's is the year's over 16, and an even distribution
// reaches the square root of three times its deviation: 1.73/32 is about 54 thousandths.
func amplitude(volatility decimal.Decimal) int64 {
	return volatility.Mul(decimal.New(54, 6)).IntPart()
}

// bridge is a Brownian bridge over one day by midpoint displacement, in parts per billion: zero at both ends, displaced
// in the middle of every half, quarter, …, each time by less: halved variance, so halved size every second level. It is
// computed in integers, so that every machine gets the same.
func bridge(key uint64, size int64, into time.Duration) int64 {
	left, right := int64(0), int64(0)
	from, to := time.Duration(0), dayLength
	node := uint64(1)
	for level := range levels {
		scale := size >> (level / 2)
		if level%2 == 1 {
			scale = scale * 707 / 1000
		}
		middle := (left+right)/2 + displacement(key, node, scale)
		if half := (from + to) / 2; into < half {
			right, to, node = middle, half, 2*node
		} else {
			left, from, node = middle, half, 2*node+1
		}
	}
	return left + (right-left)*int64(into-from)/int64(to-from)
}

// displacement draws evenly from -scale to scale by hashing (the finaliser of SplitMix64).
func displacement(key, node uint64, scale int64) int64 {
	z := key + node*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	z ^= z >> 31
	return int64(z%uint64(2*scale+1)) - scale
}

// key names one day's noise of one currency.
func key(seed uint64, currency string, interval int) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(currency)) // a hash never fails
	return h.Sum64() ^ seed<<20 ^ uint64(interval)
}
