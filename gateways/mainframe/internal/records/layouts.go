package records

import (
	"fmt"
	"maps"

	"fxcore/gateways/mainframe/internal/copybook"
)

// Layouts holds every record type. It is immutable and safe for concurrent use.
type Layouts struct {
	Pong        Kind[Pong]
	ListRequest Kind[ListRequest]
	ListAnswer  Kind[ListAnswer]
	Booking     Kind[Booking]
	Leg         Kind[Leg]
	Booked      Kind[Booked]
	Refusal     Kind[Refusal]

	Movement          Kind[Movement]
	MovementLine      Kind[MovementLine]
	Moved             Kind[Moved]
	StatementRequest  Kind[StatementRequest]
	StatementAnswer   Kind[StatementAnswer]
	StatementMovement Kind[StatementMovement]

	Client   Kind[Client]
	Group    Kind[Group]
	Line     Kind[Line]
	Holding  Kind[Holding]
	Account  Kind[Account]
	Provider Kind[Provider]
	Right    Kind[Right]
	User     Kind[User]
	Desk     Kind[Desk]
	Member   Kind[Member]
	Weekend  Kind[Weekend]
	Holiday  Kind[Holiday]
	Currency Kind[Currency]
	Pair     Kind[Pair]
	Rate     Kind[Rate]
	Points   Kind[Points]
	Roll     Kind[Roll]
	CutOff   Kind[CutOff]
	Quote    Kind[Quote]
	AddOn    Kind[AddOn]
	Haircut  Kind[Haircut]

	Nostro    Kind[Nostro]
	Agreement Kind[Agreement]
	Balancing Kind[Balancing]
	Clock     Kind[Clock]

	sizes  map[string]int
	former map[string]int // sizes of the rows of a host of the release before
}

// NewLayouts compiles all record types. It fails on a picture that cannot be used.
func NewLayouts() (*Layouts, error) {
	l := &Layouts{sizes: make(map[string]int)}
	d := declaring{sizes: l.sizes}
	l.Pong = declare[Pong](&d, "PO", "pong")
	l.ListRequest = declare[ListRequest](&d, "LQ", "list request")
	l.ListAnswer = declare[ListAnswer](&d, "LA", "list answer")
	l.Booking = declare[Booking](&d, "BK", "booking")
	l.Leg = declare[Leg](&d, "BL", "leg")
	l.Booked = declare[Booked](&d, "BA", "booked")
	l.Refusal = declare[Refusal](&d, "RF", "refusal")
	l.declareMovements(&d)
	l.declareSets(&d)
	l.former = maps.Clone(l.sizes)
	l.former[l.Pair.letters] = before(&d, l.Pair, "PointsSpread")
	l.former[l.Quote.letters] = before(&d, l.Quote, "Provider")
	return l, d.err
}

func (l *Layouts) declareMovements(d *declaring) {
	l.Movement = declare[Movement](d, "MV", "movement")
	l.MovementLine = declare[MovementLine](d, "ML", "movement line")
	l.Moved = declare[Moved](d, "MA", "moved")
	l.StatementRequest = declare[StatementRequest](d, "SQ", "statement request")
	l.StatementAnswer = declare[StatementAnswer](d, "SA", "statement answer")
	l.StatementMovement = declare[StatementMovement](d, "MS", "movement in a statement")
}

func (l *Layouts) declareSets(d *declaring) {
	l.Client = declare[Client](d, "CL", "client")
	l.Group = declare[Group](d, "GR", "group")
	l.Line = declare[Line](d, "LN", "line")
	l.Holding = declare[Holding](d, "HO", "holding")
	l.Account = declare[Account](d, "AC", "account")
	l.Provider = declare[Provider](d, "PR", "provider")
	l.Right = declare[Right](d, "RI", "right")
	l.User = declare[User](d, "US", "user")
	l.Desk = declare[Desk](d, "DE", "desk")
	l.Member = declare[Member](d, "ME", "member")
	l.Weekend = declare[Weekend](d, "WE", "weekend")
	l.Holiday = declare[Holiday](d, "HD", "holiday")
	l.Currency = declare[Currency](d, "CY", "currency")
	l.Pair = declare[Pair](d, "PA", "pair")
	l.Rate = declare[Rate](d, "RT", "rate")
	l.Points = declare[Points](d, "PT", "points")
	l.Roll = declare[Roll](d, "RO", "roll")
	l.CutOff = declare[CutOff](d, "CO", "cut-off")
	l.Quote = declare[Quote](d, "QU", "quote")
	l.AddOn = declare[AddOn](d, "AO", "add-on")
	l.Haircut = declare[Haircut](d, "HC", "haircut")
	l.Nostro = declare[Nostro](d, "NO", "nostro")
	l.Agreement = declare[Agreement](d, "AG", "agreement")
	l.Balancing = declare[Balancing](d, "BR", "balancing")
	l.Clock = declare[Clock](d, "CK", "clock")
}

type declaring struct {
	sizes map[string]int
	err   error
}

// declare compiles one type; the first error stays.
func declare[T any](d *declaring, letters, name string) Kind[T] {
	layout, err := copybook.New[T](name)
	if err != nil && d.err == nil {
		d.err = err
	}
	d.sizes[letters] = layout.Size()
	return Kind[T]{letters: letters, layout: layout}
}

// before returns the size of a row that ends before a field. A field that a release adds stands at the end of its row, and all
// that follow are of the same release.
func before[T any](d *declaring, kind Kind[T], field string) int {
	size, has := kind.layout.Offset(field)
	if !has && d.err == nil {
		d.err = fmt.Errorf("record %s has no field %s", kind.layout.Name(), field)
	}
	return size
}
