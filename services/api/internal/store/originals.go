package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"fxcore/services/api/internal/blotter"
)

const keepOriginalsSQL = `insert into original (message_id, subject, protocol, session, sequence, received_at, bytes)
	select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[], $7::bytea[]) order by 2, 1
	on conflict do nothing`

// mostOriginals bounds an answer. A provider may send one request again and again.
const mostOriginals = 100

// QueueOriginals queues providers' messages, which are in one order for all replicas.
func QueueOriginals(b *pgx.Batch, all []blotter.Original) {
	if len(all) == 0 {
		return
	}
	var ids, subjects, protocols, sessions []string
	var sequences []int64
	var received []time.Time
	var messages [][]byte
	for _, o := range all {
		ids, subjects, protocols, sessions = append(ids, o.MessageID), append(subjects, o.Subject), append(protocols, o.Protocol), append(sessions, o.Session)
		sequences, received, messages = append(sequences, o.Sequence), append(received, o.ReceivedAt), append(messages, o.Bytes)
	}
	b.Queue(keepOriginalsSQL, ids, subjects, protocols, sessions, sequences, received, messages)
}

// Originals returns the messages by which a trade or a line check was asked for, the oldest first, at most mostOriginals. The id must be a
// UUID.
func (m Model) Originals(ctx context.Context, subject string) ([]blotter.Original, error) {
	rows, err := m.Pool.Query(ctx, `select message_id::text, protocol, session, sequence, received_at, bytes from original
		where subject = $1 order by received_at, original.message_id limit $2`, subject, mostOriginals)
	if err != nil {
		return nil, fmt.Errorf("read the originals of %s: %w", subject, err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (o blotter.Original, err error) {
		err = row.Scan(&o.MessageID, &o.Protocol, &o.Session, &o.Sequence, &o.ReceivedAt, &o.Bytes)
		return o, err
	})
}
