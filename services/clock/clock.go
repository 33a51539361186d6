package clock

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"fxcore/lambda/mirror"
)

const (
	setName  = "clock"
	recordID = "bank" // the set has this one record
)

// Config says whether the bank's clock may be ahead of real time.
type Config struct {
	MayRunAhead bool `env:"CLOCK_MAY_RUN_AHEAD" envDefault:"false"`
}

// Clock is the bank's clock. It is safe for concurrent use. The zero Clock is real time.
type Clock struct {
	set    *mirror.Mirror[time.Duration] // nil if the clock follows no set
	may    bool
	offset atomic.Int64 // the last one that was accepted, in nanoseconds; it never falls

	day     atomic.Pointer[string] // the business day of that version, YYYY-MM-DD
	refused atomic.Pointer[error]  // why the last version was refused
}

// record is the view of the set's record.
type record struct {
	BusinessDay   string `json:"business_day"`
	OffsetSeconds int64  `json:"offset_seconds"`
}

// Open returns a clock that shows real time until Run has read the set.
func Open(rdb redis.Cmdable, cfg Config) *Clock {
	c := &Clock{may: cfg.MayRunAhead}
	if !c.may { // otherwise the set itself says what time it is
		rdb = mirror.Dated(rdb, time.Now)
	}
	c.set = mirror.New(rdb, setName, c.read)
	return c
}

// Now returns the bank's time.
func (c *Clock) Now() time.Time { return time.Now().Add(time.Duration(c.offset.Load())) }

// BusinessDay returns the bank's business day, YYYY-MM-DD, as the mainframe states it; empty if it is not known. It belongs to what Now
// returns, or to a later time.
func (c *Clock) BusinessDay() string {
	if day := c.day.Load(); day != nil {
		return *day
	}
	return ""
}

// Ahead returns a clock that is as far ahead of another one as the bank's is of this machine's.
func (c *Clock) Ahead(of func(context.Context) (time.Time, error)) func(context.Context) (time.Time, error) {
	return func(ctx context.Context) (time.Time, error) {
		now, err := of(ctx)
		return now.Add(time.Duration(c.offset.Load())), err
	}
}

// Run follows the set until ctx ends.
func (c *Clock) Run(ctx context.Context) error {
	if c.set == nil {
		<-ctx.Done()
		return nil
	}
	return c.set.Run(ctx)
}

// Ready is a health check. It returns nil once the offset is known. Without the set a clock that may run ahead is not ready: Redis may
// have lost its data, and by real time the program would decide days behind the others. A clock that may not run ahead is ready at
// once, because no offset changes it.
func (c *Clock) Ready(ctx context.Context) error {
	if c.set == nil || !c.may {
		return nil
	}
	return c.set.Ready(ctx)
}

// Fresh is a health check. It fails if the set states an offset that the clock refuses. A clock that may run ahead also fails
// while the set cannot be read.
func (c *Clock) Fresh(ctx context.Context) error {
	switch {
	case c.set == nil:
		return nil
	case c.may:
		return c.set.Fresh(ctx)
	}
	if refused := c.refused.Load(); refused != nil {
		return *refused
	}
	return nil
}

// read accepts the offset of a version of the set, or refuses the version.
func (c *Clock) read(records map[string][]byte) (time.Duration, error) {
	offset, day := time.Duration(-1), ""
	err := mirror.Decode(records, func(id string, r record) error {
		if id != recordID {
			return errors.New("unknown record")
		}
		offset, day = time.Duration(r.OffsetSeconds)*time.Second, r.BusinessDay
		return c.judge(offset)
	})
	c.refused.Store(&err)
	if offset >= 0 && err == nil {
		c.day.Store(&day)
		c.offset.Store(int64(offset))
	}
	return offset, err
}

// judge refuses an offset that this program may not follow.
func (c *Clock) judge(offset time.Duration) error {
	last := time.Duration(c.offset.Load())
	switch {
	case offset != 0 && !c.may:
		return fmt.Errorf("the mainframe's clock is %s ahead of real time, and CLOCK_MAY_RUN_AHEAD does not allow that", offset)
	case offset < last:
		return fmt.Errorf("the bank's clock would go back by %s", last-offset)
	}
	return nil
}
