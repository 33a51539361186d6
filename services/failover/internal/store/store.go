// Package store keeps the plan's state in Postgres: instances, homes, moves and the history.
package store

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/failover/internal/plan"
)

// Migrations make the schema of failover.
//
//go:embed migrations/*.sql facts.txt
var Migrations embed.FS

//go:embed queries/*.sql
var queries embed.FS

// statement is a query by its file's name. A missing one is a defect of the build.
func statement(name string) string {
	text, err := queries.ReadFile("queries/" + name + ".sql")
	if err != nil {
		panic(err)
	}
	return string(text)
}

// QueueLoad locks the plan, so that another replica waits until this one has stored what it decides, and fills the state
// once the batch was sent.
func QueueLoad(b *pgx.Batch, s *plan.State) {
	queueRead(b, s, "lock_plan")
}

// queueRead reads the plan's row by the named statement, and then the rest.
func queueRead(b *pgx.Batch, s *plan.State, planRow string) {
	b.Queue(statement(planRow)).QueryRow(func(row pgx.Row) error { return row.Scan(&s.Automatic) })
	b.Queue(statement("load_instances")).Query(func(rows pgx.Rows) error { return loadInstances(rows, s) })
	b.Queue(statement("load_providers")).Query(func(rows pgx.Rows) error { return loadHomes(rows, s) })
	b.Queue(statement("load_moves")).Query(func(rows pgx.Rows) error { return loadMoves(rows, s) })
}

// session is the JSON form of a plan.Session.
type session struct {
	Provider string    `json:"provider"`
	Held     bool      `json:"held"`
	Epoch    int64     `json:"epoch"`
	LoggedOn bool      `json:"logged_on"`
	Since    time.Time `json:"since"`
}

func loadInstances(rows pgx.Rows, s *plan.State) error {
	for rows.Next() {
		var i plan.Instance
		var sessions []byte
		var late, length int64
		err := rows.Scan(&i.Name, &i.Gateway, &i.Started, &i.Sequence, &i.ReportedAt, &i.Ready, &i.Reason, &i.ReadySince, &i.Draining, &sessions, &late, &length)
		if err != nil {
			return fmt.Errorf("load instances: %w", err)
		}
		var stored []session
		if err := json.Unmarshal(sessions, &stored); err != nil {
			return fmt.Errorf("load sessions of %s: %w", i.Name, err)
		}
		for _, one := range stored {
			i.Sessions = append(i.Sessions, plan.Session(one))
		}
		i.Late, i.Lease = time.Duration(late)*time.Millisecond, time.Duration(length)*time.Millisecond
		s.Instances[i.Name] = &i
	}
	return rows.Err()
}

func loadHomes(rows pgx.Rows, s *plan.State) error {
	for rows.Next() {
		var k plan.Key
		var h plan.Home
		var commanded, since, until *time.Time
		err := rows.Scan(&k.Gateway, &k.Provider, &h.Instance, &h.Epoch, &h.Stay, &h.Return, &commanded, &h.Calm.Lost, &since, &h.Calm.Times, &until)
		if err != nil {
			return fmt.Errorf("load homes: %w", err)
		}
		h.Commanded, h.Calm.Since, h.Calm.Until = filled(commanded), filled(since), filled(until)
		s.Homes[k] = &h
	}
	return rows.Err()
}

func loadMoves(rows pgx.Rows, s *plan.State) error {
	moves, err := scanMoves(rows)
	for _, m := range moves {
		s.Moves[m.Key] = m
	}
	return err
}

func scanMoves(rows pgx.Rows) (moves []*plan.Move, err error) {
	for rows.Next() {
		var m plan.Move
		var ended, left, taken, loggedOn *time.Time
		err := rows.Scan(&m.ID, &m.Key.Gateway, &m.Key.Provider, &m.From, &m.To, &m.Target, &m.Epoch, &m.Reason, &m.By, &m.State, &m.Why, &m.Attempt,
			&m.RequestedAt, &ended, &left, &taken, &loggedOn)
		if err != nil {
			return nil, fmt.Errorf("load moves: %w", err)
		}
		m.EndedAt, m.LeftAt, m.TakenAt, m.LoggedOnAt = filled(ended), filled(left), filled(taken), filled(loggedOn)
		moves = append(moves, &m)
	}
	return moves, rows.Err()
}

// QueueSave writes what has changed in the state.
func QueueSave(b *pgx.Batch, s *plan.State) {
	instances, homes, moves, automatic := s.Changed()
	if automatic {
		b.Queue(statement("save_plan"), s.Automatic)
	}
	for _, i := range instances {
		stored := []session{}
		for _, one := range i.Sessions {
			stored = append(stored, session(one))
		}
		b.Queue(statement("save_instance"), i.Name, i.Gateway, i.Started, i.Sequence, i.ReportedAt, i.Ready, i.Reason, i.ReadySince, i.Draining, stored,
			i.Late.Milliseconds(), i.Lease.Milliseconds())
	}
	for _, k := range homes {
		h := s.Homes[k]
		b.Queue(statement("save_provider"), k.Gateway, k.Provider, h.Instance, h.Epoch, h.Stay, h.Return, orNull(h.Commanded),
			h.Calm.Lost, orNull(h.Calm.Since), h.Calm.Times, orNull(h.Calm.Until))
	}
	for _, m := range moves {
		b.Queue(statement("save_move"), m.ID, m.Key.Gateway, m.Key.Provider, m.From, m.To, m.Target, m.Epoch, m.Reason, m.By, string(m.State), m.Why,
			m.Attempt, m.RequestedAt, orNull(m.EndedAt), orNull(m.LeftAt), orNull(m.TakenAt), orNull(m.LoggedOnAt))
	}
	for _, e := range s.Told {
		b.Queue(statement("tell"), e.At, e.Gateway, e.Provider, e.Instance, e.What, e.Epoch, e.Text, e.By, e.Command)
	}
}

func filled(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
