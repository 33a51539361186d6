package front

import (
	"context"
	"io"
	"time"

	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/door"
)

// outward sends the engine's messages to the provider when they are durable. It sends all that are durable in one write.
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

// gather appends the messages of the stream to the batch, each when it is durable. Before it waits for a message to become
// durable, it sends the batch.
func (r *relay) gather(gone context.Context, batch []byte, stream *wire.Outgoing) ([]byte, error) {
	for {
		msg, err := stream.Next()
		if msg == nil || err != nil {
			return batch, err
		}
		r.answer(msg)
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

// answer tells inward what the engine's first message is.
func (r *relay) answer(msg []byte) {
	if !r.answered {
		r.answered = true
		r.reply <- string(wire.Value(msg, "35=")) == "A"
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

// drain reads and drops what the engine still sends to a provider that has disconnected, until the engine has noticed that. Only
// then can a new connection take the session.
func (r *relay) drain() {
	r.session.Gone()
	_ = r.conn.Close()
	door.CloseWrite(r.engine)
	_ = r.engine.SetReadDeadline(time.Now().Add(drainTimeout))
	_, _ = io.Copy(io.Discard, r.engine)
}
