package store

import (
	_ "embed" // the query
	"time"

	"github.com/jackc/pgx/v5"
)

var (
	//go:embed queries/insert_bookings.sql
	insertBookingsSQL string
	//go:embed queries/keep_later_bookings.sql
	keepLaterSQL string
)

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

// QueueBookings queues the insert of bookings. A later word about a version is kept. If all are assumed to be the first word about their version,
// one that is not fails the batch (23505): to look for another one costs as much again as the insert.
func QueueBookings(b *pgx.Batch, all Bookings, first bool) {
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
	statement := insertBookingsSQL
	if !first {
		statement += keepLaterSQL
	}
	b.Queue(statement, ids, versions, codes, times)
}
