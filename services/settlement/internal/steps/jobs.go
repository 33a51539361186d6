package steps

import (
	"time"

	"fxcore/services/jobs"
	"fxcore/services/market/hours"
)

// The jobs of settlement.
const (
	ExecuteDue   = "execute due trades"
	WatchCutOffs = "watch cut-offs" // and the beginning of value dates
	Reconcile    = "reconcile with the mainframe"
	BalanceBooks = "balance books"

	CompareTrades  = "compare with the trades"
	TakeOverTrades = "take over all trades"
	ReportDay      = "report the day"

	SettlePast = "settle past dates by hand"
)

// How often the jobs are due. A trade may be dealt shortly before its cut-off: what is dealt in the last seconds before it fails as
// TOOLATE.
const (
	executeEvery = 10 * time.Second
	watchEvery   = time.Minute
	keepQuiet    = time.Hour // the runs of both; what they did is in the movements
)

// PartSize is how many legs or movements one part of a run takes: a transaction of some 100 ms.
const PartSize = 1000

// Pace has the execution of due trades yield to what is more urgent.
type Pace interface {
	Rest() time.Duration // before the next part of a run
	Part(most int) int   // how many legs a part takes, of so many at most
}

// steady yields to nothing.
type steady struct{}

func (steady) Rest() time.Duration { return 0 }
func (steady) Part(most int) int   { return most }

// Jobs returns the jobs of settlement. One part of a run takes at most size legs or movements. Without a pace, execution yields to nothing. more
// are added where days are run ahead.
func Jobs(static Static, size int, pace Pace, more ...jobs.Job) *jobs.Set {
	if pace == nil {
		pace = steady{}
	}
	return jobs.New("settlement", append([]jobs.Job{
		{
			Name: ExecuteDue, Rule: jobs.Every(executeEvery), Latest: true, Quiet: true, Keep: keepQuiet, Rest: pace.Rest,
			Begin: func(run jobs.Run) jobs.Part { return executing(begin(static), run, pace.Part(size)) },
		},
		{
			Name: WatchCutOffs, Rule: jobs.Every(watchEvery), Latest: true, Quiet: true, Keep: keepQuiet,
			Begin: func(run jobs.Run) jobs.Part { return &watch{Batch: begin(static), run: run, size: size} },
		},
		{
			Name: Reconcile, Rule: jobs.Daily(timeOfDay("01:30", "Europe/Berlin"), nil),
			Begin: func(run jobs.Run) jobs.Part { return reconciling(run, size) },
		},
		{
			Name: BalanceBooks, Rule: jobs.Daily(timeOfDay("17:00", "America/New_York"), nil),
			Begin: func(run jobs.Run) jobs.Part {
				batch := begin(static)
				return &balance{Batch: batch, run: run, rules: batch.static.Balancing()}
			},
		},
		{
			Name: CompareTrades, Rule: jobs.Daily(timeOfDay("00:30", "Europe/Berlin"), nil), Latest: true,
			Begin: func(run jobs.Run) jobs.Part {
				return &compareTrades{run: run, after: tradesSince(run.Due.AddDate(0, 0, -comparedDays))}
			},
		},
		{
			Name:  TakeOverTrades, // by hand: those that were done before settlement existed
			Begin: func(run jobs.Run) jobs.Part { return &compareTrades{run: run, after: everyTrade} },
		},
		{
			Name:  SettlePast, // by hand: the legs of such trades whose cut-off has passed
			Begin: func(run jobs.Run) jobs.Part { return &settlePast{Batch: begin(static), run: run, size: size} },
		},
		{
			Name: ReportDay, Rule: jobs.Daily(timeOfDay("02:00", "Europe/Berlin"), nil), After: []string{BalanceBooks, Reconcile},
			Begin: func(run jobs.Run) jobs.Part { return reporting(run) },
		},
	}, more...)...)
}

// timeOfDay returns a constant time of day. The mainframe's day is compared late enough for its last answers; books are balanced when
// the trading day ends.
func timeOfDay(at, zone string) hours.TimeOfDay {
	time, err := hours.ParseTimeOfDay(at, zone)
	if err != nil {
		panic(err)
	}
	return time
}
