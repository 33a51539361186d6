package store

import (
	_ "embed" // the query
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed queries/insert_bookings.sql
var insertBookingsSQL string

// Version names a version of a trade.
type Version struct {
	TradeID string
	Number  int
}

// Booking is what the mainframe says of the booking of a version.
type Booking struct {
	Code string // with which it refuses to book it; empty: it is booked
	At   time.Time
}

// Bookings holds the last word of the mainframe about versions of trades.
type Bookings map[Version]Booking

// Add adds a word of the mainframe, unless a later one is there.
func (all Bookings) Add(of Version, b Booking) {
	if known, is := all[of]; !is || b.At.After(known.At) {
		all[of] = b
	}
}

// QueueBookings queues the insert of bookings. A later word about a version is kept.
func QueueBookings(b *pgx.Batch, all Bookings) {
	if len(all) == 0 {
		return
	}
	var ids, codes []string
	var versions []int
	var times []time.Time
	for of, booking := range all {
		ids, versions = append(ids, of.TradeID), append(versions, of.Number)
		codes, times = append(codes, clean(booking.Code)), append(times, booking.At)
	}
	b.Queue(insertBookingsSQL, ids, versions, codes, times)
}
