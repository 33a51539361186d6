package front

import (
	"context"
	"io"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// outward lets go what the engine sends, once it is durable: as much as is, in one write.
func (r *relay) outward(gone context.Context) error {
	var stream wire.Outgoing
	var batch []byte
	for {
		if err := stream.Fill(r.engine); err != nil {
			return errEnded
		}
		var err error
		if batch, err = r.gather(gone, batch, &stream); err == nil {
			err = r.let(&batch)
		}
		if err != nil {
			r.drain()
			return err
		}
	}
}

// gather adds what has come of the stream to the batch, each message once it is durable; what waits before one that is
// not goes first.
func (r *relay) gather(gone context.Context, batch []byte, stream *wire.Outgoing) ([]byte, error) {
	for {
		msg, err := stream.Next()
		if msg == nil || err != nil {
			return batch, err
		}
		if seq := wire.SeqNum(msg); !r.session.Covered(seq) {
			if err := r.let(&batch); err != nil {
				return batch, err
			}
			if err := r.await(gone, seq); err != nil {
				return batch, err
			}
		}
		batch = append(batch, msg...)
	}
}

func (r *relay) await(gone context.Context, seq int) error {
	ctx, cancel := context.WithTimeout(gone, r.front.cfg.StorePatience)
	defer cancel()
	return r.session.WaitCovered(ctx, seq)
}

func (r *relay) let(batch *[]byte) error {
	err := door.Write(r.conn, *batch, r.front.cfg.WriteTimeout)
	*batch = (*batch)[:0]
	return err
}

// drain reads what the engine still sends to a provider that has gone, until the engine has noticed: only then can the
// session be taken again.
func (r *relay) drain() {
	_ = r.conn.Close()
	door.CloseWrite(r.engine)
	_ = r.engine.SetReadDeadline(time.Now().Add(drainTimeout))
	_, _ = io.Copy(io.Discard, r.engine)
}
