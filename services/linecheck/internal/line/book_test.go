package line

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

var (
	start   = day("2026-11-19")
	clients = []Path{
		{Group: "G1", Desk: "D1", Client: "C1"},
		{Group: "G1", Desk: "D2", Client: "C2"},
		{Group: "G2", Desk: "D1", Client: "C3"},
		{Desk: "D2", Client: "C4"}, // the client has no group
	}
)

// lineOf returns a line that a few reservations use up.
func linesOf(p Path, amount int64) []Line {
	var lines []Line
	for _, n := range p.Nodes() {
		lines = append(lines, Line{Node: n, Limit: Limit{Amount: decimal.NewFromInt(amount)}})
	}
	return lines
}

func emptyBook() *Book {
	b := NewBook()
	for _, p := range clients {
		for _, n := range p.Nodes() {
			b.LoadUsage(n, Usage{})
		}
		for _, set := range reservation(0, 0).Terms.Sets(p, nil) {
			b.LoadSet(set, Netting{})
			b.LoadEffect(set.Agreement(), Effect{})
		}
	}
	return b
}

// reservation returns one whose exposure is its amount; every third client has a netting agreement.
func reservation(id int, amount int64) Reservation {
	side, p := Buy, clients[id%len(clients)]
	if id%3 == 1 {
		side = Sell
	}
	return Reservation{
		ID: fmt.Sprint(id), Kind: ForCheck, Path: p, Exposure: decimal.NewFromInt(amount),
		Terms: Terms{
			Pair: "EUR/USD", Currency: "EUR", Side: side, Amount: decimal.NewFromInt(max(amount, 1)), ValueDate: date("2026-11-19"),
			Netted: p.Client == nettedClient,
		},
		Exchange:    flat(decimal.NewFromInt(max(amount, 1))),
		Settlements: []Settlement{{start, decimal.NewFromInt(amount)}}, ExpiresAt: start.Add(time.Duration(id) * time.Second),
	}
}

// flat exchanges an amount at a rate of 1.
func flat(amount decimal.Decimal) Exchange { return Exchange{amount, amount, amount} }

const nettedClient = "C1"

// claimOf returns what a reservation would use of lines.
func claimOf(r Reservation, lines []Line) Claim {
	return Claim{Terms: r.Terms, Exposure: Exposure{Amount: r.Exposure, Settlements: r.Settlements, Exchange: r.Exchange}, Lines: lines}
}

// take reserves as the service does: only if the check passes.
func take(t *rapid.T, b *Book, r Reservation, lines []Line) bool {
	v, err := b.Check(claimOf(r, lines))
	if err != nil {
		t.Fatal(err)
	}
	return v.Refusal == nil && b.Reserve(r) == nil
}

// sums recomputes usage and buckets from the reservations alone.
func sums(b *Book) (map[Node]Usage, map[Bucket]decimal.Decimal) {
	usage, settled := map[Node]Usage{}, map[Bucket]decimal.Decimal{}
	sets, effects := map[Set]Netting{}, map[Agreement]Effect{}
	for _, r := range b.reservations {
		u := r.use()
		for _, n := range r.Path.Nodes() {
			for _, s := range r.Receivables() {
				k := Bucket{n, s.ValueDate}
				settled[k] = settled[k].Add(s.Amount)
			}
			if !r.Terms.Netted {
				usage[n] = usage[n].plus(r.Used())
				continue
			}
			a := Agreement{n, r.Path.Client, r.Terms.Pair}
			effects[a] = effects[a].plus(Effect{Gross: u.gross})
			for _, l := range u.legs {
				set := Set{n, r.Path.Client, r.Terms.Pair, l.date}
				sets[set] = sets[set].plus(l.side, l.deals)
			}
		}
	}
	for set, n := range sets {
		effects[set.Agreement()] = effects[set.Agreement()].plus(Effect{Sets: n.Usage(), Lost: n.Lost()})
	}
	for a, e := range effects {
		usage[a.Node] = usage[a.Node].plus(e.Usage())
	}
	return usage, settled
}

func mustBalance(t *rapid.T, b *Book) {
	usage, settled := sums(b)
	for n, u := range b.usage {
		if want := usage[n]; !u.Reserved.Equal(want.Reserved) || !u.Consumed.Equal(want.Consumed) {
			t.Fatalf("%s carries %v, its reservations add up to %v", n, u, want)
		}
	}
	members := map[Node]decimal.Decimal{}
	for m, used := range b.changes.members {
		if used.IsNegative() {
			t.Fatalf("group %s carries %s for %s", m.Group, used, m.Client)
		}
		members[Node{Group, m.Group}] = members[Node{Group, m.Group}].Add(used)
	}
	for n, u := range b.usage {
		if n.Level == Group && !members[n].Equal(u.Used()) {
			t.Fatalf("%s carries %s, and for its members %s", n, u.Used(), members[n])
		}
	}
	for k, amount := range b.changes.settled {
		if !amount.Equal(settled[k]) {
			t.Fatalf("%v holds %s, its reservations add up to %s", k, amount, settled[k])
		}
	}
}

func TestNoOrderOfStepsExceedsALine(t *testing.T) {
	t.Parallel()
	const limit = 100
	rapid.Check(t, func(t *rapid.T) {
		b, now := emptyBook(), start
		// forced is what may lie above the line: trades that were registered although their reservation had ended, what is
		// not netted any more because a deal in the other direction ended, and a cent for each part.
		forced := decimal.Zero
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			id := rapid.IntRange(0, 15).Draw(t, "id")
			part := decimal.NewFromInt(rapid.Int64Range(0, 40).Draw(t, "part"))
			switch step := rapid.SampledFrom([]Step{"reserve", "reserve", "take over", Consume, Reverse, Release, Cancel, Register, "time"}).Draw(t, "step"); step {
			case "reserve":
				take(t, b, reservation(id, rapid.Int64Range(0, limit).Draw(t, "amount")), linesOf(clients[id%len(clients)], limit))
			case "take over":
				trade := reservation(id+100, 1)
				trade.Kind, trade.Exposure, trade.From = ForTrade, decimal.Zero, Source{ID: fmt.Sprint(id), Part: part}
				trade.Terms.Side = reservation(id, 1).Terms.Side // a trade of the other side is not what was checked: the step refuses it
				_, _ = b.TakeOver(trade, Use)                    // the test proves that a refused step changes nothing
				forced = forced.Add(dec("0.01"))
			case "time":
				now = now.Add(time.Second)
				b.ExpireDue(now)
			default:
				if step == Register {
					part = decimal.Zero
				}
				before, _ := b.Reservation(fmt.Sprint(id))
				after, err := b.ResolvePart(fmt.Sprint(id), step, part)
				if err == nil && (!before.State.Holds() || step == Register) {
					forced = forced.Add(before.Exposure)
				}
				if err == nil && after.Terms.Netted {
					forced = forced.Add(before.Exposure)
				}
				forced = forced.Add(dec("0.01"))
			}
			mustBalance(t, b)
			for n, u := range b.usage {
				if u.Used().GreaterThan(decimal.NewFromInt(limit).Add(forced)) || u.Reserved.IsNegative() || u.Consumed.IsNegative() {
					t.Fatalf("%s carries %v with a limit of %d and %s forced", n, u, limit, forced)
				}
			}
		}
	})
}

// Each reservation has its own life of two steps. The book ends in the same state, however the lives interleave and
// however often a step is repeated.
func TestAnyOrderAndRepetitionEndsTheSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		steps := rapid.SliceOfN(rapid.SampledFrom([]Step{Consume, Release, Expire, Cancel, Register, ""}), 1, 12).Draw(t, "resolved by")
		inOrder, shuffled := emptyBook(), emptyBook()
		wide := func(id int) []Line { return linesOf(clients[id%len(clients)], 1_000_000) }
		for id, step := range steps {
			take(t, inOrder, reservation(id, int64(id)), wide(id))
			resolve(inOrder, id, step)
		}
		var moves []int // each entry is the id of the reservation whose next step follows
		for id := range steps {
			for range rapid.IntRange(2, 5).Draw(t, "times") {
				moves = append(moves, id)
			}
		}
		for _, id := range rapid.Permutation(moves).Draw(t, "order") {
			if !take(t, shuffled, reservation(id, int64(id)), wide(id)) {
				resolve(shuffled, id, steps[id])
			}
		}
		mustBalance(t, shuffled)
		for n, u := range inOrder.usage {
			if got := shuffled.usage[n]; !got.Reserved.Equal(u.Reserved) || !got.Consumed.Equal(u.Consumed) {
				t.Fatalf("%s: %v, in order %v", n, got, u)
			}
		}
	})
}

func resolve(b *Book, id int, step Step) {
	if step != "" {
		_, _ = b.Resolve(fmt.Sprint(id), step) // the test proves that a refused step changes nothing
	}
}

func TestAFailedStepLeavesTheBookAsItWas(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	stranger := reservation(1, 5)
	stranger.Path.Desk = "not loaded"
	if err := b.Reserve(stranger); !errors.Is(err, ErrNotLoaded) {
		t.Errorf("reserve on a node that is not loaded: %v", err)
	}
	b.LoadReservation(Reservation{ID: "s", Path: stranger.Path, State: Reserved, Terms: stranger.Terms, Open: stranger.Terms.Amount, Exposure: dec("5")})
	if _, err := b.Resolve("s", Consume); !errors.Is(err, ErrNotLoaded) {
		t.Errorf("consume on a node that is not loaded: %v", err)
	}
	if _, err := b.Resolve("nobody", Consume); !errors.Is(err, ErrUnknown) {
		t.Errorf("consume of an unknown reservation: %v", err)
	}
	if err := b.Reserve(Reservation{ID: "s", Path: clients[0]}); !errors.Is(err, ErrExists) {
		t.Errorf("reserve twice: %v", err)
	}
	if n := len(b.ChangedUsage()) + len(b.ChangedBuckets()) + len(b.Added()) + len(b.Resolved()); n != 0 {
		t.Errorf("%d changes after nothing but failures", n)
	}
}

func TestARegisteredTradeIsTakenOverTheLine(t *testing.T) {
	t.Parallel()
	for _, state := range []State{Reserved, Consumed, Released, Expired, Cancelled} {
		b := emptyBook()
		r := reservation(1, 70) // of a client without a netting agreement
		r.State = state
		switch state { //nolint:exhaustive // the others have neither part
		case Reserved:
			r.Open = r.Terms.Amount
		case Consumed:
			r.Taken = r.Terms.Amount
		}
		for _, n := range r.Path.Nodes() {
			b.LoadUsage(n, Usage{Consumed: decimal.NewFromInt(90)}.plus(r.Used())) // other reservations use 90 of the line
		}
		b.LoadReservation(r)
		for range 2 {
			if _, err := b.Resolve(r.ID, Register); err != nil {
				t.Errorf("register a trade whose reservation is %s: %v", state, err)
			}
		}
		u, _ := b.Usage(Node{Client, "C2"})
		if !u.Consumed.Equal(decimal.NewFromInt(160)) || !u.Reserved.IsZero() {
			t.Errorf("after registering from %s: %v, want 160 consumed", state, u)
		}
	}
}

func TestChangesAreWhatHappened(t *testing.T) {
	t.Parallel()
	b := emptyBook()
	b.LoadReservation(Reservation{ID: "old", Path: clients[1], State: Reserved, Terms: Terms{Amount: dec("1")}, Open: dec("1"), Exposure: dec("0")})
	if err := b.Record(reservation(5, 7)); err != nil { // path 1: G1, D2, C2
		t.Fatal(err)
	}
	if err := b.Reserve(reservation(9, 5)); err != nil { // path 1 again; cancelled later
		t.Fatal(err)
	}
	for _, id := range []string{"9", "old"} {
		if _, err := b.Resolve(id, Cancel); err != nil {
			t.Fatal(err)
		}
	}
	got := fmt.Sprint(b.ChangedUsage(), b.ChangedBuckets())
	for _, r := range b.Resolved() {
		got += fmt.Sprintf(" %s %s %s", r.ID, r.State, r.Open)
	}
	want := "[{group/G1 {0 7}} {desk/D2 {0 7}} {client/C2 {0 7}}] " +
		"[{{group/G1 2026-11-19 00:00:00 +0000 UTC} 7} {{desk/D2 2026-11-19 00:00:00 +0000 UTC} 7} {{client/C2 2026-11-19 00:00:00 +0000 UTC} 7}] " +
		"old CANCELLED 0"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if added := b.Added(); len(added) != 2 || added[0].State != Consumed || added[1].State != Cancelled {
		t.Errorf("added %v", added)
	}
}

func TestExpiryIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule         string
		wanted, want time.Time
	}{
		{"default", time.Time{}, start.Add(DefaultLife)},
		{"as wanted", start.Add(5 * time.Second), start.Add(5 * time.Second)},
		{"at most", start.Add(time.Hour), start.Add(MaxLife)},
	} {
		if got := Expiry(start, c.wanted); !got.Equal(c.want) {
			t.Errorf("%s: %s, want %s", c.rule, got, c.want)
		}
	}
}
