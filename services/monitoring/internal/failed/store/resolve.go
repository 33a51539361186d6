package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Order is what a person wants done about entries.
type Order struct {
	By, Note string
	Discard  bool // else replay
}

func (o Order) state() (state, what string) {
	if o.Discard {
		return "discarded", "discarded"
	}
	return "replaying", "replay_asked"
}

// ErrChanged says that the entry is not in the version that the person saw, or not open.
var ErrChanged = errors.New("the entry has changed")

const orderSQL = `with done as (
		update failed_message set state = $1, version = version + 1, edited = $5, claimed_until = '-infinity',
			resolved_at = case when $1 = 'discarded' then now() end
		where %s and state = 'open' and ($1 = 'discarded' or queue <> '') returning id
	)
	insert into failed_history (failed_id, at, what, by, note, told) select id, now(), $2, $3, $4, $1 <> 'discarded' from done order by id`

// Resolve replays or discards one entry in the version that a person saw, once. An edited body may stand for the message's own. Error:
// ErrChanged, also if there is no such entry.
func (s Store) Resolve(ctx context.Context, id string, version int, edited []byte, o Order) error {
	state, what := o.state()
	tag, err := s.Pool.Exec(ctx, fmt.Sprintf(orderSQL, "id = $6 and version = $7"), state, what, o.By, o.Note, edited, id, version)
	if err != nil {
		return fmt.Errorf("resolve failed message %s: %w", id, err)
	}
	if tag.RowsAffected() == 0 {
		return ErrChanged
	}
	return nil
}

// ResolveAll replays or discards the open ones of some entries, or of a group, and returns how many.
func (s Store) ResolveAll(ctx context.Context, ids []string, group string, o Order) (int, error) {
	state, what := o.state()
	tag, err := s.Pool.Exec(ctx, fmt.Sprintf(orderSQL, "(id = any ($6) or group_key = $7)"), state, what, o.By, o.Note, nil, ids, group)
	if err != nil {
		return 0, fmt.Errorf("resolve failed messages: %w", err)
	}
	return int(tag.RowsAffected()), nil
}

// Choice is one entry that an order for several names.
type Choice struct{ ID, State, Queue string }

// Chosen returns the entries that an order for several would find: those that exist of some, and the open ones of a group.
func (s Store) Chosen(ctx context.Context, ids []string, group string) ([]Choice, error) {
	rows, err := s.Pool.Query(ctx, "select id, state, queue from failed_message where id = any ($1) or group_key = $2 and state = 'open' order by id", ids, group)
	if err != nil {
		return nil, fmt.Errorf("choose failed messages: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Choice])
}

// Parcel is one message to replay.
type Parcel struct {
	ID          string
	Version     int
	Queue       string
	MessageID   string
	ContentType string
	Body        []byte
	By, Note    string

	Publisher, Proof string // that it was authentic; no proof of what a person has edited
}

// claimFor is how long a replica has for the messages that it has claimed. One that is killed leaves them to others after that.
const claimFor = 30 * time.Second

const claimSQL = `with mine as (
		update failed_message set claimed_until = now() + $1::interval where id in (
			select id from failed_message where state = 'replaying' and claimed_until < now() order by id limit $2 for update skip locked
		) returning id, version, queue, message_id, content_type, edited, body, headers
	)
	select id, version, queue, message_id, case when edited is null then content_type else 'application/cloudevents+json' end, coalesce(edited, body), h.by, h.note,
		coalesce(headers->>'fx-publisher', ''), case when edited is null then coalesce(headers->>'fx-proof', '') else '' end
	from mine cross join lateral (
		select by, note from failed_history where failed_id = mine.id and what = 'replay_asked' order by id desc limit 1
	) h order by id`

// Claim returns messages that are to be replayed now and by nobody else, at most so many.
func (s Store) Claim(ctx context.Context, most int) ([]Parcel, error) {
	rows, err := s.Pool.Query(ctx, claimSQL, claimFor.String(), most)
	if err != nil {
		return nil, fmt.Errorf("claim messages to replay: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Parcel])
}

// Delivered notes that the broker has a replayed message, or, with a reason, that it cannot be delivered: then the entry is open again. It
// changes nothing if the message has failed again meanwhile, or if another replica has noted it.
func (s Store) Delivered(ctx context.Context, p Parcel, undelivered string) error {
	state, what, note := "replayed", "replayed", p.Note
	if undelivered != "" {
		state, what, note = "open", "not_delivered", undelivered
	}
	err := pgx.BeginFunc(ctx, s.Pool, func(tx pgx.Tx) error {
		// The lock comes first: a statement that waited for it would go on with what it saw before.
		var now Choice
		var version int
		if err := tx.QueryRow(ctx, "select id, state, version from failed_message where id = $1 for update", p.ID).Scan(&now.ID, &now.State, &version); err != nil {
			return err
		}
		mine := now.State == "replaying" && version == p.Version
		back := now.State == "open" && version == p.Version+1 && undelivered == "" // it came back before this: the replay is told of all the same
		if !mine && !back {
			return nil
		}
		var b pgx.Batch
		if mine {
			b.Queue(`update failed_message set state = $2, version = version + 1, claimed_until = null,
				resolved_at = case when $2 = 'replayed' then now() end where id = $1`, p.ID, state)
		}
		b.Queue("insert into failed_history (failed_id, at, what, by, note, told) values ($1, now(), $2, $3, $4, $2 <> 'replayed')", p.ID, what, p.By, note)
		return tx.SendBatch(ctx, &b).Close()
	})
	if err != nil {
		return fmt.Errorf("note what became of replayed message %s: %w", p.ID, err)
	}
	return nil
}

// Untold is one resolution of which the core has not been told.
type Untold struct {
	Step        int64
	ID          string
	What        string
	By, Note    string
	At          time.Time
	Queue       string
	MessageID   string
	Type        string
	Correlation string
}

// Untold returns resolutions of which the core is to be told, the oldest first, at most so many.
func (s Store) Untold(ctx context.Context, most int) ([]Untold, error) {
	rows, err := s.Pool.Query(ctx, `select h.id, m.id, h.what, h.by, h.note, h.at, m.queue, m.message_id, m.type, m.correlation
		from failed_history h join failed_message m on m.id = h.failed_id where not h.told order by h.id limit $1`, most)
	if err != nil {
		return nil, fmt.Errorf("read what is to be told: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[Untold])
}

// Told notes that the core has been told.
func (s Store) Told(ctx context.Context, steps []int64) error {
	if _, err := s.Pool.Exec(ctx, "update failed_history set told = true where id = any ($1)", steps); err != nil {
		return fmt.Errorf("note what was told: %w", err)
	}
	return nil
}
