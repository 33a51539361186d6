// Package settings holds the settings of the bench. Addresses come from the record of the core in this clone
// (.run/fxcore.json), unless the environment sets others.
package settings

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"fxcore/lambda/config"
)

// Settings come from the environment.
type Settings struct {
	Duration Seconds `env:"DURATION" envDefault:"60"`  // of the load with a bounded number of requests in flight
	InFlight int     `env:"INFLIGHT" envDefault:"500"` // requests in flight during that load
	Rate     int     `env:"RATE" envDefault:"100"`     // requests a second of the load at a fixed rate
	Sessions int     `env:"SESSIONS" envDefault:"4"`   // provider sessions, from BENCH1 on

	OpenDuration   Seconds  `env:"OPEN_DURATION" envDefault:"30"`
	SingleDuration Seconds  `env:"SINGLE_DURATION" envDefault:"10"`
	RawDuration    Seconds  `env:"RAW_DURATION" envDefault:"10"` // of one run of the raw chain; there are three runs
	Warmup         Seconds  `env:"WARMUP" envDefault:"5"`
	Burst          int      `env:"BURST" envDefault:"1000"`
	Checks         int      `env:"CHECKS" envDefault:"10"` // percentage of line checks among the requests
	Phases         []string `env:"PHASES" envDefault:"raw,closed,open,single,burst"`

	History   int      `env:"HISTORY" envDefault:"0"` // handled messages that are added to each inbox before the run
	HistoryOf []string `env:"HISTORY_OF"`             // the programs to whose tables they are added; empty means all

	Legs      int     `env:"LEGS" envDefault:"100000"`    // that are due on one day, for the measurement of jobs
	CheckRate int     `env:"CHECK_RATE" envDefault:"200"` // line checks a second meanwhile
	Baseline  Seconds `env:"BASELINE" envDefault:"30"`    // of line checks before the jobs

	// CheckWarmup is how long line checks go on before the baseline: longer than a reservation's 60 s, so that during the baseline
	// as many lapse as are made, like beside the jobs.
	CheckWarmup Seconds `env:"CHECK_WARMUP" envDefault:"70"`

	StallRate     int     `env:"STALL_RATE" envDefault:"200"`   // requests a second while replicas are killed
	StallRuns     int     `env:"STALL_RUNS" envDefault:"5"`     // kills of each service
	StallDuration Seconds `env:"STALL_DURATION" envDefault:"6"` // of one run; the kill comes after a third of it

	Runs int `env:"RUNS" envDefault:"3"` // of the burst by the HTTP interface

	Folder   string `env:"RUN_FOLDER" envDefault:".run"`
	FIX      string `env:"FIX_ADDRESS"`        // host:port of the gateway
	Postgres string `env:"POSTGRES_URL,unset"` // of the observer

	// Of the administrator: the raw chain makes its own queues and tables, and history is filled in.
	AMQP          string `env:"ADMIN_AMQP_URL,unset"`
	AdminPostgres string `env:"ADMIN_POSTGRES_URL,unset"`

	API     string `env:"API_URL"`           // of the HTTP interface; only to measure it
	Control string `env:"MAINFRAME_CONTROL"` // URL of the simulator's control; only to run days ahead

	WatchRate int     `env:"WATCH_RATE" envDefault:"100"` // requests a second while what watches is killed and away
	Trades    int     `env:"TRADES" envDefault:"10000"`   // requests during the kills
	KillEvery Seconds `env:"KILL_EVERY" envDefault:"7"`
	Away      Seconds `env:"AWAY" envDefault:"120"` // how long the stores are away

	Beside string `env:"BESIDE"` // the report of the same run without the servers of a full start, to compare with

	Processes []Process `env:"-"` // of the core; the bench measures their CPU and memory
}

// Process is one process of the core.
type Process struct {
	Name    string `json:"name"`
	Replica string `json:"replica"`
	PID     int    `json:"pid"`
	State   string `json:"state"`
	Health  string `json:"health"` // base URL of its health address; empty for servers
}

// Seconds is a duration that may be given as a number of seconds.
type Seconds time.Duration

// UnmarshalText accepts "60" and "1m".
func (s *Seconds) UnmarshalText(text []byte) error {
	if n, err := strconv.ParseFloat(string(text), 64); err == nil {
		*s = Seconds(n * float64(time.Second))
		return nil
	}
	d, err := time.ParseDuration(string(text))
	*s = Seconds(d)
	return err
}

// Validate returns an error that names a setting out of range.
func (s Settings) Validate() error {
	switch {
	case s.Sessions < 1 || s.Sessions > 8:
		return errors.New("SESSIONS must be 1 to 8")
	case s.Rate < 1 || s.Rate > 100_000:
		return errors.New("RATE must be 1 to 100000")
	case s.StallRate < 1 || s.StallRuns < 1 || s.StallDuration <= 0:
		return errors.New("STALL_RATE, STALL_RUNS and STALL_DURATION must be positive")
	case s.History < 0 || s.History > 1_000_000_000:
		return errors.New("HISTORY must be 0 to 1000000000")
	case s.Legs < 1 || s.CheckRate < 1 || s.Baseline <= 0:
		return errors.New("LEGS, CHECK_RATE and BASELINE must be positive")
	case s.WatchRate < 1 || s.Trades < 1 || s.KillEvery <= 0 || s.Away <= 0:
		return errors.New("WATCH_RATE, TRADES, KILL_EVERY and AWAY must be positive")
	case s.Runs < 1 || s.Burst < 1:
		return errors.New("RUNS and BURST must be positive")
	case s.InFlight < 1 || s.InFlight > 100_000:
		return errors.New("INFLIGHT must be 1 to 100000")
	case s.Duration <= 0 || s.OpenDuration <= 0 || s.SingleDuration <= 0 || s.RawDuration <= 0:
		return errors.New("durations must be positive")
	case s.Checks < 0 || s.Checks > 100:
		return errors.New("CHECKS must be 0 to 100")
	}
	return nil
}

// Does reports whether the settings ask for a phase.
func (s Settings) Does(phase string) bool { return slices.Contains(s.Phases, phase) }

// ErrNotRunning says that there is no core to measure.
var ErrNotRunning = errors.New("nothing runs here: start it with make up")

// Load reads the settings from the environment and from the core's record. It returns ErrNotRunning if it finds no
// address.
func Load() (Settings, error) {
	s, err := config.Load[Settings]()
	if err != nil {
		return s, err
	}
	if err := s.fill(); err != nil {
		return s, err
	}
	if s.FIX == "" || s.AMQP == "" || s.Postgres == "" {
		return s, ErrNotRunning
	}
	return s, nil
}

// record is the part of the core's record that the bench reads.
type record struct {
	URLs      map[string]string `json:"urls"`
	Processes []Process         `json:"processes"`
}

func (s *Settings) fill() error {
	path := filepath.Join(s.Folder, "fxcore.json")
	text, err := os.ReadFile(path) //nolint:gosec // the clone's own folder
	if errors.Is(err, os.ErrNotExist) {
		return nil // then the environment must set all addresses
	}
	if err != nil {
		return fmt.Errorf("read the core's record: %w", err)
	}
	var r record
	if err := json.Unmarshal(text, &r); err != nil {
		return fmt.Errorf("read the core's record %s: %w", path, err)
	}
	for field, name := range map[*string]string{&s.FIX: "fix", &s.AMQP: "admin_amqp", &s.Postgres: "postgres", &s.AdminPostgres: "admin_postgres", &s.Control: "mainframe_control", &s.API: "api"} {
		if *field == "" {
			*field = r.URLs[name]
		}
	}
	s.Processes = slices.DeleteFunc(r.Processes, func(p Process) bool { return p.PID == 0 })
	return nil
}
