// Package day is the bank's clock and its business day, which the mainframe owns. The clock is real time plus an offset. The
// offset only grows, so that days can be run ahead, and survives a restart.
package day

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
	_ "time/tzdata" // the bank's place is known on any machine
)

const (
	fileName = "clock.json"
	place    = "Europe/Berlin" // of Frankfurt
	maxJump  = 366 * 24 * time.Hour
)

// Errors of To.
var (
	ErrBack = errors.New("the bank's clock never goes back")
	ErrFar  = errors.New("the bank's clock goes a year ahead at most")
)

// Clock is safe for concurrent use.
type Clock struct {
	dir  string
	real func() time.Time
	open func(date time.Time) bool
	zone *time.Location

	mu     sync.RWMutex
	offset int // seconds
}

// stored is the content of the file.
type stored struct {
	OffsetSeconds int `json:"offset_seconds"`
}

// Open reads the offset in the folder, which it makes if there is none; it is 0 at first. wall is real time. open tells the
// business days: whether a date, at midnight UTC, is one.
func Open(dir string, wall func() time.Time, open func(date time.Time) bool) (*Clock, error) {
	zone, err := time.LoadLocation(place)
	if err != nil {
		return nil, fmt.Errorf("open the clock: %w", err)
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("open the clock: %w", err)
	}
	c := &Clock{dir: dir, real: wall, open: open, zone: zone}
	text, err := os.ReadFile(filepath.Join(dir, fileName)) //nolint:gosec // the operator's folder
	if errors.Is(err, os.ErrNotExist) {
		return c, nil
	}
	var s stored
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err == nil && s.OffsetSeconds < 0 {
		err = ErrBack
	}
	if err != nil {
		return nil, fmt.Errorf("open the clock: %w", err)
	}
	c.offset = s.OffsetSeconds
	return c, nil
}

// Now returns the bank's time, in UTC and whole microseconds.
func (c *Clock) Now() time.Time {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.at(c.offset)
}

func (c *Clock) at(offset int) time.Time {
	return c.real().UTC().Add(time.Duration(offset) * time.Second).Truncate(time.Microsecond)
}

// Today returns the business day, at midnight UTC, and the offset in seconds. The business day is the one that began last: the
// date in Frankfurt, or the last business day before it.
func (c *Clock) Today() (day time.Time, offset int) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.business(c.Date(c.at(c.offset)), -1), c.offset
}

// Date returns the date of an instant in Frankfurt, at midnight UTC.
func (c *Clock) Date(at time.Time) time.Time {
	year, month, date := at.In(c.zone).Date()
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

// business returns the first business day from a date on, in steps of so many days.
func (c *Clock) business(date time.Time, step int) time.Time {
	for !c.open(date) {
		date = date.AddDate(0, 0, step)
	}
	return date
}

// Next returns the first business day after the present date.
func (c *Clock) Next() time.Time { return c.business(c.Date(c.Now()).AddDate(0, 0, 1), 1) }

// To moves the clock to a time of a date in Frankfurt. It returns when the new offset is on disk. Errors: ErrBack, ErrFar, and
// the disk's; the clock has then not moved.
func (c *Clock) To(date time.Time, hour, minute int) error {
	target := time.Date(date.Year(), date.Month(), date.Day(), hour, minute, 0, 0, c.zone)
	c.mu.Lock()
	defer c.mu.Unlock()
	ahead := target.Sub(c.at(c.offset))
	switch {
	case ahead < 0:
		return fmt.Errorf("%w: it is %s already", ErrBack, c.at(c.offset).Format(time.RFC3339))
	case ahead > maxJump:
		return ErrFar
	}
	offset := c.offset + int((ahead+time.Second-1)/time.Second)
	if err := c.store(offset); err != nil {
		return fmt.Errorf("keep the clock's offset: %w", err)
	}
	c.offset = offset
	return nil
}

// store replaces the file: it has the old offset or the new one, whenever the machine stops.
func (c *Clock) store(offset int) error {
	text, err := json.Marshal(stored{offset})
	if err != nil {
		return err
	}
	name := filepath.Join(c.dir, fileName)
	if err := writeSynced(name+".new", text); err != nil {
		return err
	}
	if err := os.Rename(name+".new", name); err != nil {
		return err
	}
	dir, err := os.Open(c.dir) //nolint:gosec // the setting names the folder
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func writeSynced(name string, text []byte) error {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640) //nolint:gosec // the operator's folder
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	return errors.Join(err, file.Sync(), file.Close())
}
