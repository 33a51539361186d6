package engine

import (
	"fmt"
	"time"

	"github.com/quickfixgo/quickfix"

	"fxcore/gateways/fix/internal/provider"
	"fxcore/gateways/fix/internal/wire"
	"fxcore/gateways/internal/refused"
	"fxcore/gateways/internal/store"
)

// Refused returns a gap fill in place of a message that was refused before, nil for any other message. The refusal is among the messages
// that the provider can have again; a second one would answer the message twice, and maybe differently. came is what the message was read
// from: if that is too long, msg is its header only.
func (e *Engine) Refused(msg []byte, came wire.Piece) (instead []byte) {
	seq, msgType := wire.SeqNum(msg), string(wire.Value(msg, "35="))
	if seq == 0 || msgType == "A" || msgType == "4" { // they are not sent again
		return nil
	}
	content := wire.Content(msg)
	if e.store.In.Refused(seq, content) && seq >= e.store.In.Next() {
		return gapFill(e.provider, seq)
	}
	e.arrived.note(seq, content, came, e.store.In.Next)
	return nil
}

// gapFill returns a SequenceReset-GapFill for one number of the provider's.
func gapFill(p provider.Provider, seq int) []byte {
	now := time.Now().UTC()
	body := wire.AppendField(nil, 35, "4")
	body = wire.AppendField(body, 34, sequence(seq))
	body = wire.AppendField(body, 43, "Y")
	body = wire.AppendField(body, 49, p.CompID)
	body = append(wire.AppendTimestamp(append(body, "52="...), now), '\x01')
	body = wire.AppendField(body, 56, p.OurCompID)
	body = append(wire.AppendTimestamp(append(body, "122="...), now), '\x01')
	body = wire.AppendField(body, 123, "Y")
	return wire.Build(p.BeginString, wire.AppendField(body, 36, sequence(seq+1)))
}

// rejectCompID is SessionRejectReason(373)=9, CompID problem. After it, and after rejectSendingTime, quickfix logs out and does not count
// the message: its number stays due.
const rejectCompID = 9

// refuses returns the cause of a Reject or a BusinessMessageReject of ours, and what came: the message that it refuses. The cause does not
// name a message that does not count as received.
func (a application) refuses(m *quickfix.Message) (*store.Cause, arrival) {
	seq, err := m.Body.GetInt(tagRefSeqNum)
	if err != nil {
		return nil, arrival{}
	}
	came := a.arrived.drop(seq)
	if reason, err := m.Body.GetInt(tagRejectReason); err == nil && (reason == rejectCompID || reason == rejectSendingTime) {
		return nil, came
	}
	if came.content == nil || seq != a.store.In.Next() {
		return nil, came
	}
	_, generation, _ := a.store.Entry()
	return &store.Cause{Refuses: seq, Generation: generation, Content: came.content}, came
}

// told adds to the cause of a refusal, which may be nil, the notice about the message that came.
func (a application) told(cause *store.Cause, came arrival, m *quickfix.Message) *store.Cause {
	if a.refusals == nil || came.content == nil || !a.Status().LoggedOn {
		return cause
	}
	seq, _ := m.Body.GetInt(tagRefSeqNum)
	text, _ := m.Body.GetString(tagText)
	original := came.original()
	notice := a.refusals.Note(refused.Message{
		Protocol: a.facts.BeginString, Sequence: int64(seq), Reference: wire.Reference(original), Code: rejectCode(m), Text: wire.Masked(text),
		Bytes: original, Size: came.size,
	})
	if cause == nil {
		cause = &store.Cause{}
	}
	cause.Notice = notice
	return cause
}

// rejectCode returns the reason of a Reject or a BusinessMessageReject, with its tag.
func rejectCode(m *quickfix.Message) string {
	for _, tag := range []quickfix.Tag{tagRejectReason, tagBusinessReason} {
		if reason, err := m.Body.GetString(tag); err == nil {
			return fmt.Sprintf("%d=%s", tag, reason)
		}
	}
	return ""
}
