// Package steps handles the messages of settlement's queues: one file for each step. The topology follows from the tables of
// steps.
package steps

import (
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/lambda/inbox"
	"fxcore/services/market"
	"fxcore/services/settlement/internal/balancing"
	"fxcore/services/settlement/internal/ledger"
	"fxcore/services/settlement/internal/movement"
	"fxcore/services/settlement/internal/obligation"
	"fxcore/services/settlement/internal/store"
)

// Directory is the static data at one moment.
type Directory interface {
	movement.Accounts
	// Netting returns the clients whose payments of a value date are netted.
	Netting() []string
	// Accounts returns the accounts of a payment at the mainframe: from which the amount goes, and to which.
	Accounts(p movement.Payment) (from, to string, err error)
	// Balancing returns the rules by which desks' books are balanced, by desk.
	Balancing() []balancing.Rule
	balancing.Rates
	// Pair returns a pair of the market. Errors: market.ErrUnknownPair, and market.ErrNoData while data of it is missing.
	Pair(name string) (*market.Pair, error)
}

// Static returns the current static data.
type Static func() Directory

// Batch holds what the events of one batch share. All queues use it.
type Batch struct {
	static Directory // the same for the whole batch
	wanted wanted

	known     store.Known     // legs that are there, including those of this batch
	versions  store.Versions  // legs of trades that have changed
	movements store.Movements // locked movements, by id

	now        time.Time // of the last decision, by the bank's clock
	registered []*obligation.Obligation
	moved      []*obligation.Obligation // legs whose state has changed
	requested  []*movement.Movement     // new ones
	instructed int                      // how many legs new movements settle
	changed    map[string]bool          // ids of locked movements that have changed
	windows    []*obligation.Obligation // legs whose window is known now
	bookings   store.Bookings           // what the mainframe says of the booking of trades
	superseded []obligation.Ref         // that cannot be withdrawn yet
	transfers  []ledger.Transfer
	assumed    bool // nothing was loaded: what is written must be new
}

// wanted lists what the steps need from the database.
type wanted struct {
	trades    []string
	movements []string
	changed   []string // trades of which a later version has come
	legs      bool     // the legs of trades must be loaded, not assumed to be missing
}

// Trades returns the steps of the queue of registered trades. They need no inbox rows: a leg is there once by its key and stays, and its
// entries are booked with it. Of two words about a booking the later one counts.
func Trades(static Static) inbox.Steps[*Batch] { return idempotent(stepsOf(trades(), static)) }

// BookingSteps returns the steps of the queue of booked trades. They need no inbox rows, as those of [Trades].
func BookingSteps(static Static) inbox.Steps[*Batch] { return idempotent(stepsOf(bookings(), static)) }

// DeletedSteps returns the steps of the queue of deleted trades. They need no inbox rows: a leg that is withdrawn stays so.
func DeletedSteps(static Static) inbox.Steps[*Batch] { return idempotent(stepsOf(deletions(), static)) }

func idempotent(steps inbox.Steps[*Batch]) inbox.Steps[*Batch] {
	steps.Idempotent = true
	return steps
}

// Movements returns the steps of the queue of answers of the mainframe, and of commands about movements.
func Movements(static Static) inbox.Steps[*Batch] { return stepsOf(movements(), static) }

func stepsOf(table inbox.Table[*Batch], static Static) inbox.Steps[*Batch] {
	return inbox.Steps[*Batch]{Table: table, Begin: func() *Batch { return begin(static) }}
}

func begin(static Static) *Batch {
	return &Batch{static: static(), known: store.Known{}, versions: store.Versions{}, movements: store.Movements{}, bookings: store.Bookings{}, changed: map[string]bool{}}
}

// Load queues the queries for the legs that trades have already, and the one that locks movements.
func (s *Batch) Load(b *pgx.Batch) {
	s.known = store.QueueKnown(b, s.wanted.trades)
	s.versions = store.QueueVersions(b, s.wanted.changed)
	s.movements.QueueMovements(b, s.wanted.movements)
}

// Assume treats every trade, and every word about a booking, as not yet here. If that is wrong, Store fails and the batch is handled again with
// Load.
func (s *Batch) Assume() bool {
	s.assumed = len(s.wanted.movements) == 0 && !s.wanted.legs
	return s.assumed
}

// Store queues the writes of all that has changed.
func (s *Batch) Store(b *pgx.Batch) {
	store.QueueObligations(b, s.registered)
	store.QueueInsertMovements(b, s.requested)
	changed := make([]*movement.Movement, 0, len(s.changed))
	for id := range s.changed {
		changed = append(changed, &s.movements[id].Movement)
	}
	store.QueueSaveMovements(b, changed)
	store.QueueSaveObligations(b, s.moved)
	store.QueueWindows(b, s.windows)
	store.QueueBookings(b, s.bookings, s.assumed)
	store.QueueSupersede(b, s.superseded)
	store.QueueTransfers(b, s.transfers, s.now)
}
